// The preview follows what is typed; rows are added, removed and moved without leaving the page;
// whoever leaves with unsaved changes is warned. Without this script buttons do the same.
(() => {
  const root = document.querySelector("[data-draft]");
  const form = document.getElementById("draft-form");
  const told = root.querySelector("[data-told]");
  const shown = root.querySelector("[data-shown]");
  let changed = false, timer = 0, asked = 0;

  const sent = (button) => {
    const data = new FormData(form);
    if (button) data.set(button.name, button.value);
    return data;
  };

  const drawMasks = () => {
    for (const slot of form.querySelectorAll("[data-mask]")) slot.replaceChildren();
    for (const held of shown.querySelectorAll("template[data-mask-of]")) {
      const slot = form.querySelector(`[data-mask="${CSS.escape(held.dataset.maskOf)}"]`);
      if (slot) slot.replaceChildren(held.content.cloneNode(true));
    }
  };

  // What the answer says of fields is put beside them: what was wrong and is right now, too.
  const tellProblems = () => {
    const told = new Map();
    for (const held of shown.querySelectorAll("template[data-told-of]")) told.set(held.dataset.toldOf, held);
    for (const slot of form.querySelectorAll("[data-told-at]")) {
      const held = told.get(slot.dataset.toldAt);
      slot.replaceChildren(...(held ? [held.content.cloneNode(true)] : []));
      const field = document.getElementById(slot.dataset.toldAt);
      field?.closest(".draft-field")?.classList.toggle("draft-wrong", Boolean(held));
      if (!field?.matches("input, select, textarea")) continue;
      if (held) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    const list = shown.querySelector("template[data-problems-now]").content.cloneNode(true);
    const count = list.querySelectorAll("li").length;
    form.querySelector("[data-problems]").replaceChildren(list);
    return count;
  };

  const preview = async () => {
    const mine = ++asked;
    const answer = await fetch(root.dataset.preview, { method: "POST", body: sent() }).catch(() => null);
    if (mine !== asked) return;
    if (!answer?.ok) {
      told.textContent = root.dataset.saidFailed;
      return;
    }
    shown.innerHTML = await answer.text();
    drawMasks();
    const count = tellProblems();
    told.textContent = count ? root.dataset.saidProblems.replace("#", count) : root.dataset.saidUpdated;
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(preview, 300);
  };

  const moveRows = async (button) => {
    const answer = await fetch(location.href, { method: "POST", body: sent(button) }).catch(() => null);
    if (!answer?.ok) {
      told.textContent = root.dataset.saidRows;
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.querySelector("[data-fields]").replaceWith(page.querySelector("[data-fields]"));
    const again = form.querySelector(`button[value="${CSS.escape(button.value)}"]`);
    const rows = document.getElementById(button.value.split(":")[1]);
    (again ?? rows?.querySelector("button"))?.focus();
    soon();
  };

  root.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    if (event.target.name !== "seed") changed = true;
    soon();
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const value = button?.value ?? "";
    if (/^(add|remove|up|down):/.test(value)) {
      event.preventDefault();
      changed = true;
      moveRows(button);
    } else if (/^seed:|^preview$/.test(value)) {
      event.preventDefault();
      const seed = document.getElementById("seed");
      if (value === "seed:before") seed.stepDown();
      if (value === "seed:after") seed.stepUp();
      preview();
    } else {
      changed = false;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
})();
