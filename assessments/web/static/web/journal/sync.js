// One attempt's journal: keeps what is typed in this browser, and sends it until it is acknowledged.
import { Draft } from "./draft.js";
import { freshName, hold } from "./store.js";

const QUIET_MS = 800; // after the last change …
const LATEST_MS = 1_800; // … and no later than this after the first one that is not sent
const PATIENCE_MS = 10_000;
const LONGEST_REST_MS = 30_000;
const SENT_WHILE_LEAVING = 60_000; // characters; browsers send no more from a page that goes

export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// The server's clock less this one's, by the answer that took the least time.
const clock = { offset: null, took: Infinity };

function measure(began, now) {
  const took = Date.now() - began;
  if (took < clock.took) Object.assign(clock, { took, offset: Math.round(now - began - took / 2) });
}

function ownName() {
  const name = freshName();
  hold(name);
  return name;
}

function wire({ sequence, clock: number, seen, changes, typed }) {
  const age = Math.max(0, Math.round(Date.now() - typed));
  const said = clock.offset === null ? {} : { typed: Math.max(0, typed + clock.offset) };
  return { sequence, clock: number, seen, changes, age, ...said };
}

export async function post(url, { writer, known = {}, entries }, leaving = false) {
  const began = Date.now();
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: JSON.stringify({ writer, known, entries: entries.map(wire) }),
    keepalive: leaving,
    signal: leaving ? undefined : AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
  });
  if (!answer.ok) return { status: answer.status };
  const news = await answer.json();
  measure(began, news.now);
  return { status: answer.status, news };
}

export class Journal extends EventTarget {
  constructor(url, attempt, store, known, left) {
    super();
    Object.assign(this, { url, attempt, store });
    this.draft = new Draft(known, ownName, left);
    // A page that was made before it was asked for comes from a cache: it says less than was
    // acknowledged on it afterwards.
    const cached = known.now < performance.timeOrigin;
    const recalled = cached ? store.recall(attempt) : null;
    if (recalled) this.draft.learn(recalled);
    this.restores = this.waits || recalled !== null;
    this.rest = 0;
    this.due = null;
    this.state = "saved";
    this.tell(known);
  }

  get waits() { return this.draft.unsent.length > 0; }

  change(changes, settles = false) {
    this.draft.change(changes, { now: Date.now(), due: this.due, settles });
    this.keep();
    this.plan();
  }

  keep() {
    const { attempt, url, store } = this;
    for (const { writer, born, pending } of this.draft.lines) {
      store.write(attempt, writer, { url, born, pending });
    }
    for (const writer of this.draft.dropped.splice(0)) store.write(attempt, writer, { pending: [] });
    const troubled = this.state === "offline" || this.state === "signed-out";
    this.say(troubled ? this.state : "saving");
  }

  plan() {
    this.first ??= Date.now();
    clearTimeout(this.timer);
    const late = Math.max(0, this.first + LATEST_MS - Date.now());
    this.timer = setTimeout(() => this.send(), Math.max(this.rest, Math.min(QUIET_MS, late)));
  }

  async send(leaving = false) {
    clearTimeout(this.timer);
    if (!this.waits || (this.sending && !leaving)) return;
    const batch = this.draft.batch();
    if (leaving && JSON.stringify(batch).length > SENT_WHILE_LEAVING) return;
    this.sending = true;
    this.first = undefined;
    try {
      const { status, news } = await post(this.url, batch, leaving);
      if (news) this.acknowledged(batch, news);
      else this.refused(batch, status);
    } catch {
      this.failed("offline");
    } finally {
      this.sending = false;
    }
    if (this.waits && !this.stopped) this.plan();
  }

  acknowledged(batch, news) {
    this.rest = 0;
    this.stopped = false;
    this.draft.acknowledged(batch, news);
    this.state = "saving";
    this.keep();
    this.tell(news);
    if (!this.waits) this.say("saved");
  }

  async pull() {
    try {
      const began = Date.now();
      const answer = await fetch(this.url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) return;
      const news = await answer.json();
      measure(began, news.now);
      this.draft.learn(news);
      this.tell(news);
    } catch { /* asked again when there is a reason to */ }
  }

  tell(news) {
    if ("acknowledged" in news) this.store.remember(this.attempt, this.draft.server);
    this.due = typeof news.seconds_left === "number" ? Date.now() + 1000 * news.seconds_left : null;
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }

  refused(batch, status) {
    if (status === 401 || status === 403) this.failed("signed-out");
    else if (status >= 500 || status === 429) this.failed("offline");
    else if (status === 404) {
      this.stopped = true;
      this.say("not-yours");
    } else {
      // It is kept here; what is typed next is sent in its place.
      this.draft.refused(batch);
      this.stopped = true;
      this.say("refused");
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
