"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const box = byId("cards");
  const cards = Array.from(box.querySelectorAll(".card"));
  const texts = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const controls = ["search", "by-set", "by-system", "by-verdict", "order"].map(byId);
  const [search, bySet, bySystem, byVerdict, order] = controls;

  function wanted(card) {
    const data = card.dataset;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return (!bySet.value || data.set === bySet.value)
      && (!bySystem.value || data.system === bySystem.value)
      && (!byVerdict.value || data.verdicts.split(" ").includes(byVerdict.value))
      && words.every((word) => texts.get(card).includes(word));
  }

  function update() {
    let shown = 0;
    for (const card of cards) {
      card.hidden = !wanted(card);
      shown += card.hidden ? 0 : 1;
    }
    byId("shown").textContent = shown === cards.length
      ? shown + " rows" : shown + " of " + cards.length + " rows";
  }

  function sort() {
    const key = order.value;
    const place = new Map(cards.map((card, n) => [card, n]));
    const sorted = cards.slice().sort((a, b) =>
      Number(b.dataset[key]) - Number(a.dataset[key]) || place.get(a) - place.get(b));
    box.append(...sorted);
  }

  controls.forEach((one) => one.addEventListener("input", update));
  order.addEventListener("input", sort);
  byId("stack").addEventListener("input", (event) =>
    box.classList.toggle("stacked", event.target.checked));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement.matches(".mark")) {
      document.activeElement.blur();
    }
  });

  // Columns of tables are sorted by a click on their head.
  function value(row, n) {
    const cell = row.cells[n];
    const text = cell.dataset.sort === undefined ? cell.textContent : cell.dataset.sort;
    const number = parseFloat(text.replace(/,/g, ""));
    return Number.isNaN(number) ? text : number;
  }

  function compare(a, b) {
    if (typeof a === typeof b) {
      return typeof a === "number" ? a - b : a.localeCompare(b);
    }
    return typeof a === "number" ? 1 : -1;
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells).forEach((head, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        for (const other of table.tHead.rows[0].cells) { other.removeAttribute("aria-sort"); }
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = Array.from(table.tBodies[0].rows);
        rows.sort((a, b) => compare(value(a, n), value(b, n)) * (down ? -1 : 1));
        table.tBodies[0].append(...rows);
      });
    });
  }
})();
