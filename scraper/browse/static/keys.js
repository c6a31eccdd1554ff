// "/" goes to the search box; from there, and from a hit, the arrow keys go through the hits.
"use strict";
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const box = document.querySelector("input[name=q]");
  const field = event.target.closest("input, textarea, select");
  if (event.key === "/" && box && !field) {
    box.focus();
    box.select();
    event.preventDefault();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const hits = [...document.querySelectorAll(".hits h3 a")];
  const at = hits.indexOf(document.activeElement);
  if (!step || (at < 0 && (field !== box || step < 0))) return;
  const next = at + step < 0 ? box : hits[at + step];
  if (next) {
    next.focus();
    if (next === box) box.select();
    event.preventDefault();
  }
});
