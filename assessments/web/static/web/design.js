// With script the figures follow the form by themselves: the button that works them out is for
// those without. What the server says at a field is told of the field too.
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;

document.body.addEventListener("htmx:afterSettle", () => {
  for (const field of document.querySelectorAll("[data-faults]")) {
    const places = field.dataset.faults.split(" ");
    const faulty = places.some((id) => document.getElementById(id)?.textContent.trim());
    if (faulty) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});
