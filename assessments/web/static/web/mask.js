// The query under the pointer, or chosen by slider or number, has its row marked in the picture and
// its keys told in words. The words are the titles that the picture carries for each row. A picture
// that is swapped in is bound too.
function bind(figure) {
  const rows = [...figure.querySelectorAll(".mask-row")];
  const words = figure.querySelector("[data-query-words]");
  const form = figure.querySelector("[data-query-form]");
  const range = form.querySelector("[data-query-range]");
  const number = form.querySelector("input[type=number]");
  let chosen = Number(number.value);

  const show = (query) => {
    for (const row of rows) row.classList.toggle("chosen", Number(row.dataset.query) === query);
    const row = rows.find((each) => Number(each.dataset.query) === query);
    if (row) words.textContent = row.querySelector("title").textContent;
  };
  const choose = (query) => {
    if (!(query >= 1 && query <= Number(number.max))) return;
    chosen = query;
    range.value = number.value = String(query);
    show(query);
  };

  range.hidden = false;
  form.querySelector("[data-query-button]").hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  range.addEventListener("input", () => choose(Number(range.value)));
  number.addEventListener("input", () => choose(Number(number.value)));
  for (const row of rows) {
    row.addEventListener("pointerenter", () => show(Number(row.dataset.query)));
    row.addEventListener("click", () => choose(Number(row.dataset.query)));
  }
  figure.querySelector("svg").addEventListener("pointerleave", () => show(chosen));
}

const bindAll = (within) => within.querySelectorAll("[data-mask]").forEach(bind);
bindAll(document);
document.addEventListener("htmx:afterSwap", (event) => bindAll(event.target));
