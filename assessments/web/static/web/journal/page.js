// Keeps what is typed at every [data-journal], a form or a part of one: in this browser at once, on
// the server within two seconds. Several may share a form: each has its data-prefix before the names
// of its fields. Other scripts change form fields and dispatch "input"; what comes from elsewhere is
// put into the fields and told by "journal:set" on each.
import { answerOf, rivalsOf } from "./state.js";
import { Store, hold, withFree, writerOfTab } from "./store.js";
import { Journal, post } from "./sync.js";

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

// Fields that differ from what the journal has; a field that is no longer sent is null.
function differing(here, state) {
  const kept = answerOf(state);
  const names = new Set([...Object.keys(here), ...Object.keys(kept)]);
  const changed = [...names].filter((name) => here[name] !== kept[name]);
  return Object.fromEntries(changed.map((name) => [name, here[name] ?? null]));
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
  constructor(host, journal) {
    const form = host.closest("form");
    Object.assign(this, { form, journal, prefix: host.dataset.prefix ?? "" });
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
    // What a form sends is kept by the server as it comes; it need not be told twice.
    form.addEventListener("submit", () => {
      this.changed();
      host.querySelector("[data-journal-seen]").value = JSON.stringify(journal.here.past);
    });
    if (journal.pending.length) this.restore();
    this.showRivals();
  }

  changed() {
    const changes = differing(read(this.form, this.prefix), this.journal.here);
    if (Object.keys(changes).length) this.journal.change(changes);
  }

  restore() {
    this.show(this.journal.here);
    this.say("restored");
    this.journal.send();
  }

  // Puts a state's values into the fields that differ from it.
  show(state) {
    const [here, wanted] = [read(this.form, this.prefix), answerOf(state)];
    for (const name of Object.keys(state.fields)) {
      if (here[name] !== wanted[name]) set(this.form, this.prefix + name, wanted[name] ?? null);
    }
  }

  hear(news) {
    if (Object.keys(news.fields ?? {}).length) this.show(this.journal.here);
    this.showRivals();
    document.dispatchEvent(new CustomEvent("journal:answer", { detail: news }));
    if (news.late) this.say("late");
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
    const rivals = rivalsOf(this.journal.here);
    this.notice.hidden = !rivals.length;
    const list = this.notice.querySelector("ul");
    list.replaceChildren(...rivals.flatMap(([name, tips]) => this.choices(name, tips)));
  }

  choices(name, tips) {
    const values = [...new Set(tips.map((tip) => tip[0]))];
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
    this.journal.change({ [name]: value });
    this.showRivals();
    this.form.querySelector(`[name="${CSS.escape(this.prefix + name)}"]`)?.focus();
  }
}

const camel = (word) => word.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

// A value in words: the label of what is ticked, else the text itself, shortened.
function told(form, name, value) {
  if (value === null || value === "") return null;
  const same = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((one) => one.value === value);
  const label = same?.labels?.[0]?.textContent.trim();
  const option = [...(same?.options ?? [])].find((one) => one.value === value)?.textContent;
  const text = (same?.type === "radio" || same?.type === "checkbox" ? label : option) ?? value;
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

async function begin() {
  if (!user) return;
  const hosts = [...document.querySelectorAll("[data-journal]")];
  if (hosts.length) {
    const own = await writerOfTab();
    for (const host of hosts) {
      const { journal: url, attempt, journalState } = host.dataset;
      const writer = (await leftBehind(attempt)) ?? own;
      const known = JSON.parse(document.getElementById(journalState).textContent);
      const journal = new Journal(url, attempt, writer, store, known);
      journals.push(new FormJournal(host, journal));
      host.dataset.journalReady = "";
    }
  }
  await sendLeftBehind();
}

// The writer of a page that was closed before its entries arrived, if there is one: this page goes
// on where that one ended, so that what was typed is here again even while there is no connection.
async function leftBehind(attempt) {
  for (const [which, writer] of store.all()) {
    if (which === attempt && (await hold(writer))) return writer;
  }
  return null;
}

// Sends what pages that were closed before their entries arrived have left in this browser.
async function sendLeftBehind() {
  for (const [attempt, writer] of store.all()) {
    await withFree(writer, async () => {
      const record = store.read(attempt, writer);
      if (!record?.pending?.length) return;
      try {
        const answer = await post(record.url, writer, record.pending);
        if (!answer.ok) return;
        const news = await answer.json();
        const rest = record.pending.filter((entry) => entry.sequence > news.acknowledged);
        store.write(attempt, writer, { ...record, pending: rest });
        const here = journals.find(({ journal }) => journal.attempt === attempt);
        if (here) here.journal.pull();
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
  else each((one) => (one.pending.length ? one.send() : one.pull()))();
});
document.addEventListener("focusout", each((one) => one.send()));

channel?.addEventListener("message", ({ data }) => {
  for (const { journal } of journals) if (journal.attempt === data) journal.pull();
});

// Whoever signs out with answers that have not arrived is asked first.
document.addEventListener("submit", (event) => {
  const leaves = event.target.matches("form[data-signs-out]");
  if (!leaves || !store.all().length) return;
  if (!window.confirm(event.target.dataset.unsaved)) event.preventDefault();
});

begin();
