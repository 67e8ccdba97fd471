// Items are put in order within the page: by dragging their handles, by the arrows beside them, and
// by keyboard. Every way writes the field that the form sends, and tells it as typing would. The
// item that moves stays where it is in the document and its neighbours pass it, so that it keeps the
// focus.

class Order {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("ol");
    this.field = root.querySelector("input[type=hidden]");
    this.said = root.querySelector("[data-order-said]");
    this.taken = null;
    for (const one of root.querySelectorAll("[data-take], [data-order-ways]")) one.hidden = false;
    this.list.addEventListener("click", (event) => this.step(event));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("focusout", () => { if (this.taken) this.drop("dropped"); });
    this.field.addEventListener("journal:set", () => this.follow());
    this.follow();
    this.dragged();
  }

  async dragged() {
    // By the address that the page gives, which changes with the file.
    const { Sortable } = await import(this.root.dataset.sortable);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Sortable.create(this.list, {
      handle: "[data-take]", animation: still ? 0 : 120, forceFallback: true,
      ghostClass: "dragged", onEnd: ({ item }) => this.moved(item),
    });
    this.root.dataset.draggable = "";
  }

  step(event) {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    this.move(item, this.at(item) + Number(button.dataset.step));
    const other = item.querySelector(`[data-step="${-button.dataset.step}"]`);
    (button.disabled ? other : button).focus();
  }

  key(event) {
    const handle = event.target.closest("[data-take]");
    if (!handle) return;
    const item = handle.closest("li");
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (this.taken) this.drop("dropped");
      else this.take(item);
    } else if (this.taken && this.carry(item, event.key)) event.preventDefault();
  }

  take(item) {
    this.taken = { item, from: this.at(item) };
    this.mark(true);
    this.say("taken", item);
  }

  drop(how) {
    const { item } = this.taken;
    this.mark(false);
    this.taken = null;
    this.say(how, item);
  }

  mark(pressed) {
    const { item } = this.taken;
    item.classList.toggle("taken", pressed);
    item.querySelector("[data-take]").setAttribute("aria-pressed", String(pressed));
  }

  carry(item, key) {
    const here = this.at(item);
    const last = this.list.children.length - 1;
    if (key === "Escape") {
      this.move(item, this.taken.from);
      this.drop("returned");
      return true;
    }
    const there = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: last }[key];
    if (there === undefined) return false;
    this.move(item, there);
    return true;
  }

  move(item, to) {
    const place = Math.max(0, Math.min(this.list.children.length - 1, to));
    while (this.at(item) > place) item.after(item.previousElementSibling);
    while (this.at(item) < place) item.before(item.nextElementSibling);
    this.moved(item);
  }

  moved(item) {
    this.write();
    this.say("moved", item);
  }

  write() {
    const order = [...this.list.children].map((item) => item.dataset.place).join(",");
    this.ends();
    if (order === this.field.value) return;
    this.field.value = order;
    for (const kind of ["input", "change"]) {
      this.field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  }

  // Shows the order that the field holds, which others may have put there.
  follow() {
    const items = new Map([...this.list.children].map((item) => [item.dataset.place, item]));
    const wanted = this.field.value.split(",").map((place) => items.get(place));
    if (new Set(wanted).size === items.size && wanted.every(Boolean)) {
      wanted.forEach((item, place) => {
        if (this.list.children[place] !== item) this.list.children[place].before(item);
      });
    }
    this.ends();
  }

  ends() {
    for (const item of this.list.children) {
      item.querySelector('[data-step="-1"]').disabled = !item.previousElementSibling;
      item.querySelector('[data-step="1"]').disabled = !item.nextElementSibling;
    }
  }

  at(item) { return [...this.list.children].indexOf(item); }

  say(what, item) {
    const words = { item: item.querySelector(".item").textContent.trim(),
      place: this.at(item) + 1, total: this.list.children.length };
    const told = this.root.dataset[`said${what[0].toUpperCase()}${what.slice(1)}`];
    this.said.textContent = told.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  }
}

for (const root of document.querySelectorAll("[data-order]")) new Order(root);
