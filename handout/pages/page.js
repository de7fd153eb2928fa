// What all pages share. A page's own script stands before this one, and begins when there is something to show.
const CLOSE = 1e-5;

function byId(id) { return document.getElementById(id); }

function element(name, attributes = {}, ...children) {
  const made = name === "svg" || name === "rect" || name === "line"
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function softmax(logits) {
  const most = Math.max(...logits), powers = logits.map((z) => Math.exp(z - most));
  const total = powers.reduce((sum, p) => sum + p);
  return powers.map((p) => p / total);
}

function largestDifference(a, b) {
  return Array.isArray(a) ? Math.max(...a.map((x, i) => largestDifference(x, b[i]))) : Math.abs(a - b);
}

function sayAgreement(apart, what, problems) {
  byId("agreement").textContent = apart < CLOSE
    ? `This page and your NumPy agree on ${what}: the largest difference is ${apart.toExponential(0)}.`
    : `This page and your NumPy differ by ${apart.toPrecision(2)}: run python check.py ${problems}.`;
}

function showBars(shares) {
  byId("bars").tBodies[0].replaceChildren(...shares.map(([name, share]) => element("tr", {},
    element("th", { scope: "row" }, name),
    element("td", { class: "bar" }, element("svg", { "aria-hidden": "true" }, element("rect", { width: `${100 * share}%`, height: "100%" }))),
    element("td", { class: "number" }, `${(100 * share).toFixed(1)} %`))));
}

const data = JSON.parse(byId("data").textContent);
if (data) {
  document.querySelector("main").hidden = false;
  begin();
}
