// Holds pages for the simulation: one request a line on the standard input, one answer a line.
import { createInterface } from "node:readline";
import { Draft } from "../../../assessments/web/static/web/journal/draft.js";

const pages = new Map();
let names = 0;

const view = (draft) => ({
  server: draft.server,
  here: draft.here,
  lines: draft.lines.map(({ writer, born, pending }) => ({ writer, born, pending })),
  shown: draft.shown(),
  rivals: draft.rivals().map(([name]) => name).sort(),
  seen: draft.seen(),
});

const verbs = {
  open: (id, known, left) => { pages.set(id, new Draft(known, () => `page-${(names += 1)}`, left)); },
  call: (id, verb, ...values) => pages.get(id)[verb](...values),
  view: (id) => view(pages.get(id)),
  forget: () => { pages.clear(); names = 0; },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const [verb, ...values] = JSON.parse(line);
  let answer;
  try {
    answer = { said: verbs[verb](...values) ?? null };
  } catch (fault) {
    answer = { fault: String(fault.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
