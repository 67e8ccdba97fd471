// The map of concepts. The frame scrolls by itself, so wheel, touch and a pen pan it without script;
// here it is zoomed, dragged and walked by keys, and what is before and after a concept is lit.
const SMALLEST = 0.3;
const LARGEST = 2.5;
const STEP = 1.25;

class Frame {
  constructor(frame, svg, told) {
    Object.assign(this, { frame, svg, told });
    this.width = svg.viewBox.baseVal.width;
    this.height = svg.viewBox.baseVal.height;
    this.scale = 1;
  }

  // Zoom so that what is at a point of the frame stays there; without one, the middle stays.
  zoom(scale, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const before = this.scale;
    this.scale = Math.min(LARGEST, Math.max(SMALLEST, scale));
    const ratio = this.scale / before;
    const { scrollLeft, scrollTop } = this.frame;
    this.svg.setAttribute("width", this.width * this.scale);
    this.svg.setAttribute("height", this.height * this.scale);
    this.frame.scrollLeft = (scrollLeft + x) * ratio - x;
    this.frame.scrollTop = (scrollTop + y) * ratio - y;
    this.told.textContent = `${Math.round(this.scale * 100)} %`;
  }

  whole() {
    this.zoom(Math.min(1, this.frame.clientWidth / this.width, innerHeight * 0.75 / this.height));
  }

  // Begin as wide as the frame where words stay readable, else nearly at full size around a concept.
  begin(node) {
    const fits = this.frame.clientWidth / this.width;
    this.zoom(Math.min(1, Math.max(fits, 0.85)));
    const box = node.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    this.frame.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    this.frame.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  }

  show(node) {
    const box = node.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.frame.scrollBy({
      left: outside(box.left, box.right, frame.left, frame.right),
      top: outside(box.top, box.bottom, frame.top, frame.bottom),
      behavior: still ? "instant" : "smooth",
    });
  }
}

// How far to scroll until a span, with some air, is inside another.
function outside(low, high, from, to) {
  const air = 24;
  if (low - air < from) return low - air - from;
  if (high + air > to) return high + air - to;
  return 0;
}

class Graph {
  constructor(svg) {
    this.svg = svg;
    this.nodes = [...svg.querySelectorAll(".map-node")];
    this.edges = [...svg.querySelectorAll(".map-edge")];
    this.bySlug = new Map(this.nodes.map((node) => [node.dataset.slug, node]));
    this.before = new Map();
    this.after = new Map(this.nodes.map((node) => [node, []]));
    for (const node of this.nodes) {
      const slugs = node.dataset.before.split(" ").filter((slug) => this.bySlug.has(slug));
      this.before.set(node, slugs.map((slug) => this.bySlug.get(slug)));
      for (const other of this.before.get(node)) this.after.get(other).push(node);
    }
  }

  reach(node, ways) {
    const found = new Set([node]);
    for (const one of found) for (const other of ways.get(one)) found.add(other);
    return found;
  }

  light(node) {
    const before = node ? this.reach(node, this.before) : new Set();
    const after = node ? this.reach(node, this.after) : new Set();
    this.svg.classList.toggle("tracing", Boolean(node));
    for (const one of this.nodes) one.classList.toggle("lit", before.has(one) || after.has(one));
    for (const edge of this.edges) {
      const [from, to] = [this.bySlug.get(edge.dataset.from), this.bySlug.get(edge.dataset.to)];
      edge.classList.toggle("before", before.has(from) && before.has(to));
      edge.classList.toggle("after", after.has(from) && after.has(to));
    }
  }

  // The neighbour in a direction: up and down along a line, else to the next layer; left and right
  // within the layer.
  towards(node, key) {
    const row = Number(node.dataset.row);
    const across = (one) => one.transform.baseVal.getItem(0).matrix.e;
    const near = (nodes) =>
      nodes.sort((a, b) => Math.abs(across(a) - across(node)) - Math.abs(across(b) - across(node)))[0];
    const inRow = (wanted) => this.nodes.filter((one) => Number(one.dataset.row) === wanted);
    if (key === "ArrowUp") return near([...this.before.get(node)]) ?? near(inRow(row - 1));
    if (key === "ArrowDown") return near([...this.after.get(node)]) ?? near(inRow(row + 1));
    const side = key === "ArrowLeft" ? -1 : 1;
    return near(inRow(row).filter((one) => (across(one) - across(node)) * side > 0));
  }
}

function start(view) {
  const part = (name) => view.querySelector(`[data-map-${name}]`);
  const svg = view.querySelector("svg");
  const frame = new Frame(part("frame"), svg, part("scale"));
  const graph = new Graph(svg);
  part("tools").hidden = part("keys").hidden = false;
  part("frame").removeAttribute("tabindex");
  const next = svg.querySelector(".map-node.next");
  frame.begin(next ?? graph.nodes[0]);
  walk(graph, frame, next ?? graph.nodes[0]);
  drag(frame);
  pinch(frame);
  frame.frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = frame.frame.getBoundingClientRect();
    const scale = frame.scale * Math.exp(-event.deltaY / 300);
    frame.zoom(scale, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  const acts = { in: () => frame.zoom(frame.scale * STEP), out: () => frame.zoom(frame.scale / STEP),
    all: () => frame.whole(), next: () => next.focus() };
  for (const button of view.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => acts[button.dataset.zoom]());
  }
}

// One concept at a time is in the order of Tab; arrow keys go from one to the next.
function walk(graph, frame, first) {
  const way = [];
  let here = first;
  const enter = (node) => {
    here.setAttribute("tabindex", "-1");
    node.setAttribute("tabindex", "0");
    here = node;
  };
  const go = (node) => {
    enter(node);
    node.focus({ preventScroll: true });
    frame.show(node);
  };
  for (const node of graph.nodes) {
    node.setAttribute("tabindex", node === first ? "0" : "-1");
    node.addEventListener("focus", () => {
      enter(node);
      graph.light(node);
      frame.show(node);
    });
    node.addEventListener("blur", () => graph.light(null));
    node.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && graph.light(node));
    node.addEventListener("pointerleave", () =>
      graph.light(node.ownerDocument.activeElement?.closest?.(".map-node") ?? null));
  }
  frame.frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const zooms = { "+": STEP, "=": STEP, "-": 1 / STEP, "−": 1 / STEP };
    if (event.key in zooms) frame.zoom(frame.scale * zooms[event.key]);
    else if (event.key === "0") frame.whole();
    else if (event.key === "Escape") { if (way.length) go(way.pop()); }
    else if (event.key.startsWith("Arrow")) {
      const node = graph.towards(here, event.key);
      if (node) { way.push(here); go(node); }
    } else return;
    event.preventDefault();
  });
}

// A mouse drags the picture; fingers scroll it without this. A drag opens no link.
function drag({ frame }) {
  let from = null;
  let moved = false;
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop };
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!moved && Math.hypot(x, y) < 5) return;
    moved = true;
    frame.classList.add("held");
    frame.scrollLeft = from.left - x;
    frame.scrollTop = from.top - y;
  });
  addEventListener("pointerup", () => {
    from = null;
    frame.classList.remove("held");
  });
  frame.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, true);
  frame.addEventListener("dragstart", (event) => event.preventDefault());
}

function pinch(frame) {
  let begun = null;
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  frame.frame.addEventListener("touchstart", ({ touches }) => {
    begun = touches.length === 2 ? { apart: apart(touches), scale: frame.scale } : null;
  }, { passive: true });
  frame.frame.addEventListener("touchmove", (event) => {
    if (!begun || event.touches.length !== 2) return;
    event.preventDefault();
    const box = frame.frame.getBoundingClientRect();
    const [a, b] = event.touches;
    const [x, y] = [(a.clientX + b.clientX) / 2 - box.left, (a.clientY + b.clientY) / 2 - box.top];
    frame.zoom(begun.scale * apart(event.touches) / begun.apart, x, y);
  }, { passive: false });
}

for (const view of document.querySelectorAll("[data-map]")) start(view);
