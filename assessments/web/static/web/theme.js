// A chosen theme is kept in this browser, and told to the server by a cookie, so that the next page
// comes in it and nothing flashes. Without a choice the system's own is followed.
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
    const age = theme === "system" ? 0 : 31536000;
    document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  };
  const offer = () => {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    const show = () => { button.textContent = button.dataset[read()]; };
    show();
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(read()) + 1) % order.length];
      try { localStorage.setItem(key, next); } catch { /* Private mode: for this page only. */ }
      apply(next);
      show();
    });
  };
  if ((root.dataset.theme ?? "system") !== read()) apply(read());
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", offer);
  else offer();
})();
