// The answer chosen for a line is shown under it, and answers can be dragged onto the lines. Either
// way the select element holds it, and tells of it as choosing would.
async function start(root) {
  for (const line of root.querySelectorAll(".match")) follow(root, line);
  // By the address that the page gives, which changes with the file.
  const { Sortable } = await import(root.dataset.sortable);
  const options = root.querySelector("ol.options");
  const group = `matching-${Math.random()}`;
  Sortable.create(options, {
    group: { name: group, pull: "clone", put: false }, sort: false, animation: 0,
    forceFallback: true, delay: 150, delayOnTouchOnly: true,
  });
  for (const line of root.querySelectorAll(".match")) {
    const select = line.querySelector("select");
    Sortable.create(line, {
      group: { name: group, put: true }, draggable: ".dropped-option", ghostClass: "dropped-option",
      onAdd: ({ item }) => {
        const { value } = item.dataset;
        item.remove();
        select.value = value;
        for (const kind of ["input", "change"]) {
          select.dispatchEvent(new Event(kind, { bubbles: true }));
        }
      },
    });
  }
  root.querySelector("[data-matching-ways]").hidden = false;
  root.dataset.draggable = "";
}

function follow(root, line) {
  const select = line.querySelector("select");
  const show = () => {
    const option = root.querySelector(`.options [data-value="${CSS.escape(select.value)}"]`);
    line.querySelector("[data-chosen]").innerHTML = option?.innerHTML ?? "";
  };
  for (const kind of ["change", "journal:set"]) select.addEventListener(kind, show);
}

for (const root of document.querySelectorAll("[data-matching]")) start(root);
