// Shortcuts for marking: on a level, a digit chooses the level of that place and goes on to the
// next criterion; Ctrl+Enter saves and goes on. What is typed is not left behind unasked.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-marking]");
  if (!form) return;
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  let changed = false;
  document.querySelector("[data-shortcuts]").hidden = false;
  const first = form.querySelector("input[type=radio]");
  if (!form.querySelector("input[type=radio]:checked")) first?.focus({ preventScroll: true });

  const choose = (event) => {
    const place = Number(event.key);
    if (event.target.type !== "radio" || !Number.isInteger(place)) return;
    const criterion = event.target.closest("[data-criterion]");
    const level = criterion.querySelectorAll("input[type=radio]")[place - 1];
    if (!level) return;
    event.preventDefault();
    level.checked = true;
    changed = true;
    const next = criteria[criteria.indexOf(criterion) + 1];
    (next?.querySelector("input:checked, input[type=radio]") ?? form.querySelector("#comment")).focus();
  };

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=next]"));
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) choose(event);
  });
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
});
