// What one page knows of an answer, and what was typed on it that the server has not acknowledged.
// Pure: no network, no clock, no storage. The tests' simulation runs this file as it is.
import { applied, clockOf, learnt } from "./state.js";

export const WINDOW_MS = 300_000; // so long changes go into one entry while nothing is sent
const ENTRIES_AT_ONCE = 100;
const CHARACTERS_AT_ONCE = 800_000;

// A line is the entries of one writer that are not acknowledged: {writer, born, pending, sent}.
// Lines that closed pages left behind are sent first, for this page has shown what they say.
export class Draft {
  constructor(known, freshName, left = []) {
    this.server = { past: known.past, fields: known.fields };
    this.freshName = freshName;
    this.left = left.map((line) => ({ ...line, sent: Infinity }));
    this.own = { writer: freshName(), born: 0, pending: [], next: 1, sent: 0 };
    this.names = new Set(this.lines.map((line) => line.writer));
    this.dropped = []; // names that are given up, for whoever keeps records of them
  }

  get lines() { return [...this.left, this.own]; }

  get unsent() { return this.lines.filter((line) => !line.stuck && line.pending.length > 0); }

  // The answer as this page has it: the server's, with what is not acknowledged on top.
  get here() {
    let state = this.server;
    for (const { writer, pending } of this.lines) {
      for (const entry of pending) state = taken(state, writer, entry);
    }
    return state;
  }

  // Of several values the one that was typed here is shown, else the one that counts.
  shownIn(tips) { return (tips.find((tip) => this.names.has(tip[1])) ?? tips[0])[0]; }

  shown() {
    const fields = Object.entries(this.here.fields);
    return Object.fromEntries(fields.map(([name, tips]) => [name, this.shownIn(tips)]));
  }

  // Fields with several values: [name, values], the one shown first.
  rivals() {
    return Object.entries(this.here.fields)
      .map(([name, tips]) => [name, [...new Set([this.shownIn(tips), ...tips.map((tip) => tip[0])])]])
      .filter(([, values]) => values.length > 1);
  }

  // What somebody has seen to whom this page shows these fields: not the values beside the one shown.
  seen(names = Object.keys(this.here.fields)) {
    const { fields } = this.here;
    const seen = { ...this.server.past };
    for (const { writer, pending } of this.left) {
      if (pending.length) seen[writer] = pending.at(-1).sequence;
    }
    for (const name of names) {
      const tips = fields[name] ?? [];
      for (const [value, writer, sequence] of tips) {
        if (value !== this.shownIn(tips)) seen[writer] = Math.min(seen[writer] ?? 0, sequence - 1);
      }
    }
    return seen;
  }

  // Takes what was typed; whoever chose among several values (`settles`) has seen all of them.
  change(changes, { now, due = null, settles = false }) {
    const rivals = new Set(this.rivals().map(([name]) => name));
    const alone = Object.keys(changes).filter((name) => rivals.has(name));
    const rest = Object.keys(changes).filter((name) => !rivals.has(name));
    for (const names of [rest, ...alone.map((name) => [name])]) {
      if (names.length) this.add(pick(changes, names), this.seen(settles ? [] : names), now, due);
    }
    if (this.own.refused) this.renew(this.own);
  }

  add(changes, seen, now, due) {
    const { own } = this;
    own.born ||= now;
    const last = own.pending.at(-1);
    const together = last && last.sequence > own.sent && same(last.seen, seen)
      && now - last.begun < WINDOW_MS && (due === null || (last.typed <= due) === (now <= due));
    if (together) {
      last.changes = { ...last.changes, ...changes };
      last.typed = now;
    } else {
      const clock = clockOf(this.here) + 1;
      own.pending.push({ sequence: own.next, clock, seen, changes, typed: now, begun: now });
      own.next += 1;
    }
  }

  // What is to be sent now: the entries of one writer, in order.
  batch() {
    const line = this.unsent[0];
    if (!line) return null;
    const entries = [];
    let size = 0;
    for (const entry of line.pending.slice(0, ENTRIES_AT_ONCE)) {
      size += JSON.stringify(entry).length;
      if (entries.length && size > CHARACTERS_AT_ONCE) break;
      entries.push(entry);
    }
    line.sent = Math.max(line.sent, entries.at(-1).sequence);
    return { writer: line.writer, known: this.server.past, entries };
  }

  acknowledged(batch, answer) {
    const line = this.lines.find((one) => one.writer === batch.writer);
    if (!line) return;
    if (answer.acknowledged + 1 < batch.entries[0].sequence) {
      // The server lacks what it once acknowledged (an old back-up, say).
      if (answer.acknowledged + 1 < (line.pending[0]?.sequence ?? 0)) this.renew(line);
      return;
    }
    line.pending = line.pending.filter((entry) => entry.sequence > answer.acknowledged);
    let known = this.server;
    for (const entry of batch.entries) {
      const counts = entry.sequence <= answer.acknowledged && !answer.late.includes(entry.sequence);
      if (counts) known = taken(known, batch.writer, entry);
    }
    this.server = learnt(known, answer);
  }

  // The server refuses what was sent: it goes on with the latest values, once there are others.
  refused(batch) {
    const line = this.lines.find((one) => one.writer === batch.writer);
    if (!line) return;
    if (line === this.own) line.refused = true;
    else line.stuck = true;
  }

  // Goes on under a new name, with one entry that says what the pending ones said in the end.
  renew(line) {
    const { pending } = line;
    const seen = pending.map((entry) => entry.seen).reduce(least);
    const changes = Object.assign({}, ...pending.map((entry) => entry.changes));
    const clock = Math.max(...pending.map((entry) => entry.clock));
    const { typed, begun } = pending.at(-1);
    this.dropped.push(line.writer);
    Object.assign(line, {
      writer: this.freshName(), next: 2, sent: 0, refused: false,
      pending: [{ sequence: 1, clock, seen, changes, typed, begun }],
    });
    this.names.add(line.writer);
  }

  // What the server said it has, whenever it said so.
  learn(news) { this.server = learnt(this.server, news); }
}

// The state with an entry taken whose writer's earlier ones are taken, or are known not to count.
function taken(state, writer, entry) {
  if (entry.sequence <= (state.past[writer] ?? 0)) return state;
  return applied({ ...state, past: { ...state.past, [writer]: entry.sequence - 1 } }, writer, entry);
}

const pick = (values, names) => Object.fromEntries(names.map((name) => [name, values[name]]));

const least = (one, other) =>
  Object.fromEntries(
    Object.keys(one).filter((name) => name in other).map((name) => [name, Math.min(one[name], other[name])]),
  );

function same(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
