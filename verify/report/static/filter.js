// Filters the table of claims; what is chosen stands in the address: index.html#status=refuted&text=depth
"use strict";
(function () {
  const form = document.getElementById("filter");
  const rows = Array.from(document.querySelectorAll("tr[data-status]"));
  if (!form || !rows.length) return;
  const names = ["text", "status", "strength"];
  form.hidden = false;

  function apply() {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim().toLowerCase()]));
    let shown = 0;
    for (const row of rows) {
      const fits =
        wanted.text.split(/\s+/).every((word) => row.dataset.text.includes(word)) &&
        (!wanted.status || row.dataset.status === wanted.status) &&
        (!wanted.strength || row.dataset.strength === wanted.strength);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    form.querySelector("output").textContent = shown === rows.length ? "" : shown + " of " + rows.length + " claims";
  }

  function read() {
    const hash = window.location.hash.slice(1);
    if (hash && !hash.includes("=")) return; // a link to a place on the page
    const chosen = new URLSearchParams(hash);
    for (const name of names) form.elements[name].value = chosen.get(name) || "";
    apply();
  }

  function write() {
    const chosen = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) chosen.set(name, form.elements[name].value);
    window.history.replaceState(null, "", "#" + chosen.toString());
    apply();
  }

  form.addEventListener("input", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", read);
  read();
})();
