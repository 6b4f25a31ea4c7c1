// Shows one node of the graph with what lies around it; the choice stands in the address: graph.html#focus=square-net&depth=2
"use strict";
(function () {
  const form = document.getElementById("focus");
  const panel = document.getElementById("focused");
  const whole = document.getElementById("whole");
  const drawn = new Map(); // each node once, as it stands in the first picture that has it
  for (const node of whole.querySelectorAll("a[data-node]"))
    if (!drawn.has(node.dataset.node) || drawn.get(node.dataset.node).classList.contains("elsewhere")) drawn.set(node.dataset.node, node);
  if (!form || !drawn.size) return;
  const SVG = "http://www.w3.org/2000/svg";
  const GAP = 46, ROOM = 10, MARGIN = 6, BEND = 7;
  const lines = new Map(); // each line once: kind, start, end
  const beside = new Map(Array.from(drawn.keys(), (name) => [name, new Set()]));
  for (const path of whole.querySelectorAll("path[data-edge]")) {
    const [start, end] = path.dataset.edge.split(" ");
    lines.set(path.getAttribute("class") + " " + path.dataset.edge, [path.getAttribute("class"), start, end]);
    beside.get(start).add(end);
    beside.get(end).add(start);
  }
  const titles = new Map(); // what may be typed: the name of a node, or what it says
  const names = document.getElementById("focus-names");
  for (const [name, node] of drawn) {
    const option = document.createElement("option");
    option.value = name;
    option.label = node.querySelector("title").textContent;
    titles.set(name.toLowerCase(), name);
    titles.set(option.label.toLowerCase(), name);
    names.append(option);
  }
  form.hidden = false;

  function around(name, depth) {
    let found = new Set([name]);
    for (let step = 0; step < depth; step++) found = new Set([...found, ...Array.from(found).flatMap((near) => [...beside.get(near)])]);
    return found;
  }

  function made(tag, attributes) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  // Columns as in the whole graph, without those that are empty.  A line over several columns bends in each between, at one
  // place with the other lines to its end; within a column, the order follows the mean of what is touched.
  function arranged(found, joined) {
    const layer = (name) => Number(drawn.get(name).dataset.layer);
    const layers = [...new Set(Array.from(found, layer))].sort((a, b) => a - b);
    const columns = layers.map((number) => [...found].filter((name) => layer(name) === number));
    const near = new Map(Array.from(found, (name) => [name, []]));
    for (const line of joined) {
      const [from, to] = [layers.indexOf(layer(line.start)), layers.indexOf(layer(line.end))];
      const step = to > from ? 1 : -1;
      for (let at = from + step; at * step < to * step; at += step) {
        const bend = line.end + " " + at; // no node has a space in its name
        if (!near.has(bend)) columns[at].push(bend), near.set(bend, []);
        line.way.push(bend);
      }
      line.way.push(line.end);
      line.way.forEach((name, i) => i && (near.get(name).push(line.way[i - 1]), near.get(line.way[i - 1]).push(name)));
    }
    for (let sweep = 0; sweep < 6; sweep++) {
      const places = new Map(columns.flatMap((column) => column.map((name, row) => [name, (row + 0.5) / column.length])));
      for (const column of columns) {
        const mean = (name) => {
          const others = near.get(name).filter((other) => !column.includes(other));
          return others.length ? others.reduce((sum, other) => sum + places.get(other), 0) / others.length : places.get(name);
        };
        const wanted = new Map(column.map((name) => [name, mean(name)]));
        column.sort((a, b) => wanted.get(a) - wanted.get(b));
        column.forEach((name, row) => places.set(name, (row + 0.5) / column.length));
      }
    }
    return columns;
  }

  // Where everything stands: the columns beside each other, each in the middle.
  function placed(columns) {
    const size = (name, what, bend) => (drawn.has(name) ? Number(drawn.get(name).querySelector("rect").getAttribute(what)) : bend);
    const tall = (column) => column.reduce((sum, name) => sum + size(name, "height", BEND) + ROOM, 0);
    const height = Math.max(...columns.map(tall));
    const boxes = new Map();
    let left = MARGIN;
    for (const column of columns) {
      const wide = Math.max(...column.map((name) => size(name, "width", 0)));
      let top = MARGIN + (height - tall(column)) / 2;
      for (const name of column) {
        boxes.set(name, { x: left, y: top, w: size(name, "width", wide), h: size(name, "height", BEND) });
        top += size(name, "height", BEND) + ROOM;
      }
      left += wide + GAP;
    }
    return { boxes, width: left - GAP + MARGIN, height: height + MARGIN };
  }

  function route(way, boxes) {
    const [first, last] = [boxes.get(way[0]), boxes.get(way[way.length - 1])];
    const middle = (box) => box.y + box.h / 2;
    if (first.x === last.x) {
      const [x, u] = [first.x + first.w, last.x + last.w];
      return `M${x} ${middle(first)}C${x + GAP} ${middle(first)} ${u + GAP} ${middle(last)} ${u} ${middle(last)}`;
    }
    const right = last.x > first.x;
    let path = `M${right ? first.x + first.w : first.x} ${middle(first)}`;
    for (let i = 1; i < way.length; i++) {
      const [a, b] = [boxes.get(way[i - 1]), boxes.get(way[i])];
      const [x, u] = right ? [a.x + a.w, b.x] : [a.x, b.x + b.w];
      path += `C${(x + u) / 2} ${middle(a)} ${(x + u) / 2} ${middle(b)} ${u} ${middle(b)}`;
      if (i < way.length - 1) path += `H${right ? b.x + b.w : b.x}`;
    }
    return path;
  }

  function picture(found, focus) {
    const joined = Array.from(lines.values(), ([kind, start, end]) => ({ kind, start, end, way: [start] }));
    const inside = joined.filter((line) => found.has(line.start) && found.has(line.end));
    const { boxes, width, height } = placed(arranged(found, inside));
    const svg = made("svg", { class: "graph", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Neighbourhood" });
    for (const line of inside) svg.append(made("path", { class: line.kind, d: route(line.way, boxes) }));
    for (const name of found) {
      const node = drawn.get(name).cloneNode(true);
      node.classList.remove("elsewhere");
      node.classList.toggle("focus", name === focus);
      node.setAttribute("transform", `translate(${boxes.get(name).x} ${boxes.get(name).y})`);
      const page = node.getAttribute("data-page");
      node.setAttribute("href", name !== focus ? address(name, form.elements.depth.value) : page || "#node-" + name);
      svg.append(node);
    }
    return svg;
  }

  function address(name, depth) {
    return "#" + new URLSearchParams({ focus: name, depth }).toString();
  }

  function show() {
    const chosen = new URLSearchParams(window.location.hash.slice(1));
    const name = chosen.get("focus");
    const known = name !== null && drawn.has(name);
    document.documentElement.classList.toggle("focusing", name !== null);
    panel.hidden = !known;
    whole.hidden = known;
    form.elements.focus.value = name || "";
    form.elements.depth.value = ["1", "2", "3"].includes(chosen.get("depth")) ? chosen.get("depth") : "1";
    form.querySelector("output").textContent = name && !known ? "There is no node " + name + " in this report." : "";
    if (!known) return;
    const node = drawn.get(name);
    const found = around(name, Number(form.elements.depth.value));
    const about = panel.querySelector("p.about-focus");
    about.textContent = node.querySelector("title").textContent + ". ";
    const link = document.createElement("a");
    const page = node.getAttribute("data-page");
    link.href = page || "#node-" + name;
    link.textContent = page ? "The page of this claim" : "In the table";
    about.append(link);
    form.querySelector("output").textContent = found.size + " of " + drawn.size + " nodes";
    panel.querySelector(".scroll").replaceChildren(picture(found, name));
  }

  // In the whole graph, a node leads to its neighbourhood; from there, a claim leads to its page.
  for (const node of whole.querySelectorAll("a[data-node]")) {
    if (!node.getAttribute("href").startsWith("#node-")) node.setAttribute("data-page", node.getAttribute("href"));
    node.setAttribute("href", address(node.dataset.node, "1"));
  }
  form.addEventListener("change", () => {
    const typed = form.elements.focus.value.trim();
    const name = titles.get(typed.toLowerCase()) || typed;
    window.location.hash = name ? address(name, form.elements.depth.value) : "";
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.whole.addEventListener("click", () => {
    window.history.pushState(null, "", "#whole");
    show();
  });
  window.addEventListener("hashchange", () => {
    const place = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (place && place !== whole && !whole.contains(place) && form.parentElement.contains(place)) return; // a place beside the picture
    show();
  });
  show();
})();
