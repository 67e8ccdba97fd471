// Hints that were opened stay open until the tab is closed, however often the page is loaded.
for (const root of document.querySelectorAll("[data-hints]")) {
  const key = `sparring-hints:${root.dataset.hints}`;
  const hints = [...root.querySelectorAll("details.hint")];
  const opened = () => { try { return Number(sessionStorage.getItem(key)); } catch { return 0; } };
  hints.slice(0, opened()).forEach((hint) => { hint.open = true; });
  root.addEventListener("toggle", () => {
    const closed = hints.findIndex((hint) => !hint.open);
    try { sessionStorage.setItem(key, closed < 0 ? hints.length : closed); } catch { /* This page only. */ }
  }, true);
}
