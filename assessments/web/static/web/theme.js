// Runs before the first paint, so that a chosen theme never flashes; without a choice the system's
// own is followed. The button that changes it is shown only where this script runs.
(() => {
  const key = "sparring-theme";
  const order = ["system", "light", "dark"];
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem(key) ?? "system"; } catch { return "system"; }
  };
  const apply = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  apply(read());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    const show = () => { button.textContent = button.dataset[read()]; };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(read()) + 1) % order.length];
      try { localStorage.setItem(key, next); } catch { /* Private mode: for this page only. */ }
      apply(next);
      show();
    });
  });
})();
