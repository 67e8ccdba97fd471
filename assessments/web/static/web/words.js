// The number of words is told while one types. It is counted as the server counts: what stands
// between blanks. The button that has the server count is then needed by nobody.
for (const box of document.querySelectorAll("[data-counted]")) {
  const count = document.getElementById(box.dataset.counted);
  const show = () => {
    count.textContent = String(box.value.split(/\s+/u).filter(Boolean).length);
  };
  box.addEventListener("input", show);
  show();
  box.parentElement.querySelector("button[name=look]").hidden = true;
}
