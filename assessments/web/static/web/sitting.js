// The countdown of a sitting, and its keys. The server's clock is what counts: it says how many
// seconds are left when it sends the page, and what it says at the end is decided there.
const SAID = [[600, "ten"], [300, "five"], [60, "one"], [30, "half"]];

function startClock(clock, form) {
  const said = document.querySelector("[data-clock-said]");
  const started = { steady: performance.now(), wall: Date.now() };
  const given = Number(clock.dataset.seconds);
  let before = given;

  const left = () => {
    // A machine that slept: one of its two clocks may have stood still.
    const steady = performance.now() - started.steady;
    const wall = Date.now() - started.wall;
    return given - Math.max(steady, wall) / 1000;
  };
  const tick = () => {
    const now = left();
    clock.textContent = `${words(Math.max(0, now))} ${clock.dataset.left}`;
    for (const [seconds, name] of SAID) {
      if (before > seconds && now <= seconds) said.textContent = clock.dataset[name];
    }
    before = now;
    if (now > 0) { setTimeout(tick, 250); return; }
    said.textContent = clock.dataset.up;
    end(form, clock.dataset.over);
  };
  tick();
}

function words(seconds) {
  const whole = Math.ceil(seconds);
  if (whole > 600) return `${Math.ceil(whole / 60)} min`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// What is typed is sent as it stands; it arrives in the grace time, and counts.
function end(form, over) {
  if (!form) { location.assign(over); return; }
  const way = document.createElement("input");
  Object.assign(way, { type: "hidden", name: "go", value: "over" });
  form.append(way);
  form.noValidate = true;
  form.requestSubmit();
}

function startKeys() {
  const keys = { n: ".ways-on [data-next]", p: ".ways-on [data-previous]" };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    document.querySelector(keys[event.key] ?? "[data-none]")?.click();
  });
}

// The navigator follows what is typed on this page. Code is answered by submitting it: its section
// has no number here.
function startMarks(form) {
  const { answered, open } = document.querySelector(".navigator").dataset;
  form.addEventListener("input", ({ target }) => {
    const section = target.closest("[data-number]");
    if (!section) return;
    const filled = [...section.querySelectorAll("input, select, textarea")].some(isFilled);
    const { number } = section.dataset;
    document.querySelector(`[data-mark="${number}"]`).textContent = filled ? "●" : "○";
    document.querySelector(`[data-mark-words="${number}"]`).textContent = filled ? answered : open;
  });
}

function isFilled(control) {
  if (control.type === "hidden") return false;
  const ticked = control.type === "radio" || control.type === "checkbox";
  return ticked ? control.checked : control.value.trim() !== "";
}

const form = document.querySelector("form#paper");
const clock = document.querySelector("[data-clock]");
if (clock) startClock(clock, form);
startKeys();
if (form) startMarks(form);
