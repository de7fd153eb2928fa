"use strict";
// Tables of class `live` sort by their headings and filter by a text. Rows that are not shown are not in the
// document: a class of 5,000 costs what its first hundred cost. Without this script, every row is there.
const AT_A_TIME = 100;
const byText = new Intl.Collator("en", { numeric: true }).compare;

function enliven(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const controls = document.getElementById(table.id + "-controls");
  const filter = controls.querySelector("input[type=search]");
  const only = controls.querySelector("input[type=checkbox]");
  const told = controls.querySelector("output");
  const [more, all] = controls.querySelectorAll("button");
  let order = rows;
  let limit = AT_A_TIME;

  const show = () => {
    const wanted = filter.value.trim().toLowerCase();
    const isWanted = (row) => (!wanted || row.textContent.toLowerCase().includes(wanted))
      && (!only?.checked || "odd" in row.dataset);
    const found = order.filter(isWanted);
    const shown = found.slice(0, limit);
    body.replaceChildren(...shown);
    told.value = `${shown.length} of ${found.length} shown`;
    more.hidden = all.hidden = shown.length === found.length;
  };

  const sort = (heading) => {
    const column = heading.cellIndex;
    const direction = heading.ariaSort === "ascending" ? -1 : 1;
    const isNumber = heading.classList.contains("number");
    const keys = new Map(rows.map((row) => {
      const text = row.cells[column].textContent.trim();
      return [row, isNumber ? Number.parseFloat(text) : text];
    }));
    const compare = isNumber ? (a, b) => a - b : byText;
    const isMissing = (key) => isNumber ? Number.isNaN(key) : key === "";
    order = rows.toSorted((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return isMissing(x) - isMissing(y) || direction * compare(x, y) || 0;
    });
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.ariaSort = direction === 1 ? "ascending" : "descending";
    show();
  };

  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }
  const restart = () => { limit = AT_A_TIME; show(); };
  filter.addEventListener("input", restart);
  only?.addEventListener("change", restart);
  more.addEventListener("click", () => { limit += AT_A_TIME; show(); });
  all.addEventListener("click", () => { limit = Infinity; show(); });
  controls.hidden = false;
  show();
  table.classList.add("ready");
}

document.documentElement.classList.add("scripted"); // the style hides the rows until they are few: 5,000 are never laid out
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.live").forEach(enliven));
