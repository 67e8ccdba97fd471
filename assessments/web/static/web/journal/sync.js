// One attempt's journal: takes changes, keeps them, sends them until they are acknowledged.
import { applied, clockOf, learnt } from "./state.js";
import { freshName } from "./store.js";

const QUIET_MS = 800; // after the last change …
const LATEST_MS = 1_800; // … and no later than this after the first one that is not sent
const PATIENCE_MS = 10_000;
const LONGEST_REST_MS = 30_000;
const SENT_WHILE_LEAVING = 60_000; // characters; browsers send no more from a page that goes
const ENTRIES_AT_ONCE = 100;

export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export async function post(url, writer, pending, leaving = false) {
  const now = Date.now();
  const entries = pending.slice(0, ENTRIES_AT_ONCE).map(({ typed, ...entry }) => ({
    ...entry, age: Math.max(0, Math.round(now - typed)),
  }));
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: JSON.stringify({ writer, entries }),
    keepalive: leaving,
    signal: leaving ? undefined : AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
  });
}

export class Journal extends EventTarget {
  constructor(url, attempt, writer, store, known) {
    super();
    Object.assign(this, { url, attempt, writer, store });
    this.server = known; // what the server is known to have
    const kept = store.read(attempt, writer);
    this.pending = kept?.pending ?? [];
    this.sent = 0; // up to which sequence something is on its way, or was
    this.next = kept?.next ?? (known.past[writer] ?? 0) + 1;
    this.rest = 0;
    this.state = "saved";
  }

  // The answer as this page has it: the server's, with what is not acknowledged on top.
  get here() {
    let state = this.server;
    for (const entry of this.pending) {
      const before = { ...state, past: { ...state.past, [this.writer]: entry.sequence - 1 } };
      state = applied(before, this.writer, entry);
    }
    return state;
  }

  change(changes) {
    const last = this.pending.at(-1);
    if (last && last.sequence > this.sent && sameSeen(last.seen, this.server.past)) {
      last.changes = { ...last.changes, ...changes };
      last.typed = Date.now();
    } else {
      const clock = clockOf(this.here) + 1;
      const seen = { ...this.server.past };
      this.pending.push({ sequence: this.next, clock, seen, changes, typed: Date.now() });
      this.next += 1;
    }
    this.keep();
    this.plan();
  }

  keep() {
    this.store.write(this.attempt, this.writer, { url: this.url, next: this.next, pending: this.pending });
    this.say(this.state === "offline" || this.state === "signed-out" ? this.state : "saving");
  }

  plan() {
    this.first ??= Date.now();
    clearTimeout(this.timer);
    const late = Math.max(0, this.first + LATEST_MS - Date.now());
    this.timer = setTimeout(() => this.send(), Math.max(this.rest, Math.min(QUIET_MS, late)));
  }

  async send(leaving = false) {
    clearTimeout(this.timer);
    if (!this.pending.length || (this.sending && !leaving)) return;
    if (leaving && JSON.stringify(this.pending).length > SENT_WHILE_LEAVING) return;
    const sent = this.pending.slice(0, ENTRIES_AT_ONCE);
    this.sending = true;
    this.first = undefined;
    this.sent = Math.max(this.sent, sent.at(-1).sequence);
    try {
      const answer = await post(this.url, this.writer, sent, leaving);
      if (answer.ok) this.acknowledged(await answer.json(), sent);
      else this.refused(answer.status);
    } catch {
      this.failed("offline");
    } finally {
      this.sending = false;
    }
    if (this.pending.length && !this.stopped) this.plan();
  }

  acknowledged(answer, sent) {
    this.rest = 0;
    if (answer.acknowledged + 1 < sent[0].sequence) return this.begunAnew(answer);
    this.pending = this.pending.filter((entry) => entry.sequence > answer.acknowledged);
    // What was acknowledged is the server's now; it does not send a page its own values back.
    let mine = this.server;
    for (const entry of sent.filter((one) => one.sequence <= answer.acknowledged && !answer.late)) {
      mine = applied({ ...mine, past: { ...mine.past, [this.writer]: entry.sequence - 1 } }, this.writer, entry);
    }
    this.learn(mine, answer);
    this.keep();
    if (!this.pending.length) this.say("saved");
  }

  // The server has lost this writer's earlier entries (an old back-up, say): go on under a new name.
  begunAnew(answer) {
    this.store.write(this.attempt, this.writer, { pending: [] });
    this.writer = freshName();
    this.pending.forEach((entry, place) => { entry.sequence = place + 1; });
    this.next = this.pending.length + 1;
    this.sent = 0;
    this.learn(this.server, answer);
    this.keep();
  }

  learn(known, news) {
    this.server = learnt(known, news);
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }

  async pull() {
    if (this.sending || this.pending.length) return;
    try {
      const answer = await fetch(this.url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) return;
      const news = await answer.json();
      if (!this.sending && !this.pending.length) this.learn(this.server, news);
    } catch { /* asked again when there is a reason to */ }
  }

  refused(status) {
    if (status === 401 || status === 403) this.failed("signed-out");
    else if (status >= 500 || status === 429) this.failed("offline");
    else {
      this.stopped = true;
      this.say(status === 404 ? "not-yours" : "refused");
    }
  }

  failed(word) {
    this.rest = Math.min(LONGEST_REST_MS, Math.max(1_000, this.rest * 2));
    this.say(word);
  }

  say(word) {
    this.state = word;
    this.dispatchEvent(new CustomEvent("state", { detail: this.store.keeps ? word : "unkept" }));
  }
}

const sameSeen = (one, other) => JSON.stringify(one) === JSON.stringify(other);
