// Keeps what is typed at every [data-journal], a form or a part of one: in this browser at once, on
// the server within two seconds. Several may share a form: each has its data-prefix before the names
// of its fields. Other scripts change form fields and dispatch "input"; what comes from elsewhere is
// put into the fields and told by "journal:set" on each.
import { Store, hold, withFree } from "./store.js";
import { Journal, csrf, post } from "./sync.js";

const user = document.body.dataset.user;
const store = new Store(user);
// Tabs of one browser tell one another that there is news.
const channel = "BroadcastChannel" in window ? new BroadcastChannel("sparring:journal") : null;
const journals = [];
const NOT_AN_ANSWER = /^(csrfmiddlewaretoken|file|journal-seen-.*)$/;
const WORST_FIRST = [
  "refused", "not-yours", "late", "signed-out", "offline", "unkept", "saving", "restored", "saved",
];
const QUIET = new Set(["saved", "saving"]);

function read(form, prefix) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    const own = name.slice(prefix.length);
    if (!name.startsWith(prefix) || NOT_AN_ANSWER.test(own) || typeof value !== "string") continue;
    found[own] = value.replace(/\r\n/g, "\n");
  }
  return found;
}

// Fields that have changed between two readings; one that is no longer sent is null.
function differing(before, now) {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const changed = [...names].filter((name) => before[name] !== now[name]);
  return Object.fromEntries(changed.map((name) => [name, now[name] ?? null]));
}

function set(form, name, value) {
  const field = form.elements.namedItem(name);
  if (!field) return;
  const controls = field instanceof RadioNodeList ? [...field] : [field];
  for (const control of controls) {
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = value !== null && control.value === value;
    } else if (value !== null) control.value = value;
    control.dispatchEvent(new CustomEvent("journal:set", { bubbles: true, detail: { value } }));
  }
}

class FormJournal {
  // `before` is what the form held when the page was loaded.
  constructor(host, journal, before) {
    const form = host.closest("form");
    Object.assign(this, { host, form, journal, before, prefix: host.dataset.prefix ?? "" });
    this.words = document.querySelector("[data-journal-words]");
    this.alarm = document.querySelector("[data-journal-alarm]");
    this.notice = host.querySelector("[data-rivals]");
    journal.addEventListener("state", ({ detail }) => {
      this.say(detail);
      if (detail === "saved") channel?.postMessage(journal.attempt);
    });
    journal.addEventListener("news", ({ detail }) => this.hear(detail));
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.leave());
    this.changed();
    if (journal.restores) this.restore();
    this.showRivals();
  }

  changed() {
    const now = read(this.form, this.prefix);
    const changes = differing(this.before, now);
    this.before = now;
    if (Object.keys(changes).length) this.journal.change(changes);
  }

  restore() {
    this.show();
    this.say("restored");
    if (this.journal.waits) this.journal.send();
    else this.journal.pull();
  }

  // The form says which answers its page has seen, and goes with the token of the present session.
  leave() {
    this.changed();
    const seen = this.host.querySelector("[data-journal-seen]");
    if (seen) seen.value = JSON.stringify(this.journal.draft.seen());
    const token = this.form.elements.namedItem("csrfmiddlewaretoken");
    if (token && csrf()) token.value = csrf();
  }

  // Puts the answer's values into the fields that differ from it.
  show() {
    const here = read(this.form, this.prefix);
    for (const [name, value] of Object.entries(this.journal.draft.shown())) {
      if ((here[name] ?? null) !== value) set(this.form, this.prefix + name, value);
    }
    this.before = read(this.form, this.prefix);
  }

  hear(news) {
    const late = (news.late ?? []).length > 0;
    if (!late && Object.keys(news.fields ?? {}).length) this.show();
    this.showRivals();
    document.dispatchEvent(new CustomEvent("journal:answer", { detail: news }));
    if (late) this.say("late");
  }

  // One quiet word for all journals of the page: the worst. Only what asks for attention is read
  // aloud.
  say(own) {
    this.word = own;
    if (!this.words) return;
    const all = [own, ...journals.map(({ word }) => word)];
    const word = WORST_FIRST.find((one) => all.includes(one));
    if (this.words.dataset.now === word) return;
    this.words.textContent = this.words.dataset[camel(word)];
    this.words.dataset.now = word;
    if (this.alarm) this.alarm.textContent = QUIET.has(word) ? "" : this.words.textContent;
  }

  // Lets whoever is here choose between values that were written without knowing of one another.
  showRivals() {
    if (!this.notice) return;
    const rivals = this.journal.draft.rivals();
    const said = JSON.stringify(rivals);
    if (said === this.said) return;
    this.said = said;
    this.notice.hidden = !rivals.length;
    const list = this.notice.querySelector("ul");
    list.replaceChildren(...rivals.flatMap(([name, values]) => this.choices(name, values)));
  }

  choices(name, values) {
    return values.map((value) => {
      const [line, button, text] = ["li", "button", "span"].map((tag) => document.createElement(tag));
      text.textContent = told(this.form, this.prefix + name, value) ?? this.notice.dataset.empty;
      text.className = "rival";
      button.type = "button";
      button.textContent = this.notice.dataset.keep;
      button.setAttribute("aria-label", `${this.notice.dataset.keep}: ${text.textContent}`);
      button.addEventListener("click", () => this.choose(name, value));
      line.append(text, " ", button);
      return line;
    });
  }

  choose(name, value) {
    set(this.form, this.prefix + name, value);
    this.before = read(this.form, this.prefix);
    this.journal.change({ [name]: value }, true);
    this.showRivals();
    this.form.querySelector(`[name="${CSS.escape(this.prefix + name)}"]`)?.focus();
  }
}

const camel = (word) => word.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

// A value in words: the label of what is ticked, else the text itself, shortened.
function told(form, name, value) {
  if (value === null || value === "") return null;
  const items = inOrder(form.elements.namedItem(name), value);
  if (items) return items;
  const same = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((one) => one.value === value);
  const label = same?.labels?.[0]?.textContent.trim();
  const option = [...(same?.options ?? [])].find((one) => one.value === value)?.textContent;
  const text = (same?.type === "radio" || same?.type === "checkbox" ? label : option) ?? value;
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

// An order in words: the items, as they stand in it.
function inOrder(field, value) {
  const texts = [...(field?.closest?.("fieldset")?.querySelectorAll("ol.order .item") ?? [])];
  const places = (field?.value ?? "").split(",");
  if (field?.type !== "hidden" || texts.length !== places.length) return null;
  const named = value.split(",").map((place) => texts[places.indexOf(place)]?.textContent.trim());
  return named.includes(undefined) ? null : named.join(" → ");
}

async function begin() {
  if (!user) return;
  const hosts = [...document.querySelectorAll("[data-journal]")].map((host) => [
    host, read(host.closest("form"), host.dataset.prefix ?? ""),
  ]);
  for (const [host, before] of hosts) {
    const { journal: url, attempt, journalState } = host.dataset;
    const known = JSON.parse(document.getElementById(journalState).textContent);
    const journal = new Journal(url, attempt, store, known, await leftBehind(attempt));
    journals.push(new FormJournal(host, journal, before));
    host.dataset.journalReady = "";
  }
  await sendLeftBehind();
}

// What pages that were closed before their entries arrived have typed here: this page goes on from
// it, so that it is here again even while there is no connection.
async function leftBehind(attempt) {
  const records = store.all().filter(([which]) => which === attempt);
  const held = await Promise.all(records.map(([, writer, record]) => hold(writer, record)));
  return records.filter((_, place) => held[place]).flatMap(([, writer]) => {
    // It may have been sent while this page waited for the lock.
    const record = store.read(attempt, writer);
    return record ? [{ ...record, writer }] : [];
  });
}

// Sends what closed pages have left in this browser for answers that are not on this page.
async function sendLeftBehind() {
  for (const [attempt, writer, found] of store.all()) {
    await withFree(writer, found, async () => {
      const record = store.read(attempt, writer);
      if (!record?.pending?.length) return;
      try {
        const { news } = await post(record.url, { writer, entries: record.pending.slice(0, 100) });
        if (!news) return;
        const pending = record.pending.filter((entry) => entry.sequence > news.acknowledged);
        store.write(attempt, writer, { ...record, pending });
        journals.find(({ journal }) => journal.attempt === attempt)?.journal.pull();
      } catch { /* the next page tries again */ }
    });
  }
}

const each = (act) => () => journals.forEach(({ journal }) => act(journal));

window.addEventListener("online", () => { each((one) => one.send())(); sendLeftBehind(); });
window.addEventListener("offline", each((one) => one.say("offline")));
window.addEventListener("pagehide", each((one) => one.send(true)));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") each((one) => one.send(true))();
  else each((one) => (one.waits ? one.send() : one.pull()))();
});
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) each((one) => one.pull())(); });
document.addEventListener("focusout", each((one) => one.send()));

channel?.addEventListener("message", ({ data }) => {
  for (const { journal } of journals) if (journal.attempt === data) journal.pull();
});

// Whoever signs out with answers that have not arrived is asked first.
document.addEventListener("submit", (event) => {
  const leaves = event.target.matches("form[data-signs-out]");
  if (!leaves) return;
  if (store.all().length && !window.confirm(event.target.dataset.unsaved)) event.preventDefault();
  else store.forget();
});

begin();
