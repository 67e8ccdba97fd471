// Sliders beside their number fields; the form follows by itself, so its button is not needed.
for (const form of document.querySelectorAll("[data-sliders]")) {
  form.querySelector("[data-sliders-button]").hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const range of form.querySelectorAll("input[type=range]")) {
    const number = document.getElementById(range.dataset.of);
    range.hidden = false;
    range.value = number.value;
    range.addEventListener("input", () => { number.value = range.value; });
    number.addEventListener("input", () => { if (number.validity.valid) range.value = number.value; });
  }
}
