// Filters the claims; what is chosen stands in the address: index.html#status=refuted&topic=training&text=depth
"use strict";
(function () {
  const form = document.getElementById("filter");
  const rows = Array.from(document.querySelectorAll("tr[data-status]"));
  if (!form || !rows.length) return;
  const names = ["text", "status", "strength", "topic", "only"];
  const parts = Array.from(document.querySelectorAll("[data-topic]"), (part) => ({
    part, topic: part.dataset.topic, rows: Array.from(part.querySelectorAll("tr[data-status]")),
  }));
  const kinds = {}; // a status stands for itself, or for several
  for (const option of form.elements.status.options) kinds[option.value] = (option.dataset.kinds || option.value).split(" ");
  let texts = null; // read when somebody first searches
  form.hidden = false;

  function apply() {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim().toLowerCase()]));
    const said = wanted.text.split(/\s+/).filter(Boolean);
    if (said.length && !texts) texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase() + " " + row.dataset.text]));
    let shown = 0;
    for (const { part, topic, rows } of parts) {
      let inside = 0;
      for (const row of rows) {
        const fits =
          (!wanted.topic || topic.toLowerCase() === wanted.topic) &&
          (!wanted.status || (kinds[wanted.status] || []).includes(row.dataset.status)) &&
          (!wanted.strength || row.dataset.strength === wanted.strength) &&
          (!wanted.only || (row.dataset.flags || "").split(" ").includes(wanted.only)) &&
          said.every((word) => texts.get(row).includes(word));
        if (row.hidden === fits) row.hidden = !fits;
        inside += fits ? 1 : 0;
      }
      part.hidden = !inside;
      shown += inside;
    }
    form.querySelector("output").textContent = shown === rows.length ? "" : shown + " of " + rows.length + " claims";
  }

  function read() {
    const hash = window.location.hash.slice(1);
    if (hash && !hash.includes("=")) return; // a link to a place on the page
    const chosen = new URLSearchParams(hash);
    if (chosen.has("focus")) return; // the graph's
    for (const name of names) form.elements[name].value = chosen.get(name) || "";
    apply();
  }

  function write() {
    const chosen = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) chosen.set(name, form.elements[name].value);
    window.history.replaceState(null, "", "#" + (chosen.toString() || "claims"));
    apply();
  }

  for (const link of document.querySelectorAll("a[data-filter]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      window.location.hash = link.dataset.filter;
      document.getElementById("claims").scrollIntoView();
    });
  // The details of an erratum open when somebody comes to them.
  function open() {
    const place = window.location.hash.includes("=") ? null : document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const details = place && place.querySelector(":scope > details");
    if (details) details.open = true;
  }
  form.addEventListener("input", write);
  form.addEventListener("reset", () => setTimeout(write));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => (read(), open()));
  read();
  open();
})();
