// Shortcuts outside of fields: "?" opens the page that lists them, "g h" goes home, "/" goes to the
// search. An open menu
// closes on Escape and on a click elsewhere.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  let went = 0;
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.select();
      search.focus();
    }
    if (event.key === "?") location.assign(document.body.dataset.help);
    if (event.key === "h" && Date.now() - went < 1000) location.assign(document.body.dataset.home);
    went = event.key === "g" ? Date.now() : 0;
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
