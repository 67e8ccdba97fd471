// The same rules as assessments/journal/state.py: tests run both against one another.
// A state is {past: {writer: sequence}, fields: {name: [[value, writer, sequence, clock], …]}}.

export const FORM = "form"; // the writer of what forms post

export const empty = () => ({ past: {}, fields: {} });

export function clockOf(state) {
  const clocks = Object.values(state.fields).flat().map((tip) => tip[3]);
  return Math.max(0, ...clocks);
}

const byRank = (one, other) =>
  other[3] - one[3] || (other[1] > one[1] ? 1 : other[1] < one[1] ? -1 : 0);

// Returns the state with an entry taken; the same object if it had been. Throws where one is missing.
export function applied(state, writer, entry) {
  const taken = state.past[writer] ?? 0;
  if (entry.sequence <= taken) return state;
  if (entry.sequence !== taken + 1) throw new RangeError(`entry ${taken + 1} comes next`);
  const fields = { ...state.fields };
  for (const [name, value] of Object.entries(entry.changes)) {
    const unseen = (fields[name] ?? []).filter(
      // A page has seen what it wrote itself. Forms come from many pages under one name.
      (tip) => (tip[1] !== writer || writer === FORM) && tip[2] > (entry.seen[tip[1]] ?? 0),
    );
    fields[name] = [[value, writer, entry.sequence, entry.clock], ...unseen].sort(byRank);
  }
  return { past: { ...state.past, [writer]: entry.sequence }, fields };
}

// What a server says it has, over what a page knows: fields that it does not name are as known. What
// it said earlier and comes later is passed over.
export function learnt(state, news) {
  const older = Object.entries(state.past).some(([writer, number]) => (news.past[writer] ?? 0) < number);
  if (older) return state;
  return { past: news.past, fields: { ...state.fields, ...news.fields } };
}
