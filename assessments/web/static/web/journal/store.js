// What is typed and not yet acknowledged, kept in this browser at once, by user, attempt and writer.
// A writer is one page; a lock says whether it still lives, so that what a closed one left behind
// can be sent by another. A page never goes on under the name of an earlier one: a browser that ends
// suddenly may forget the last things it kept, and a number must not be given twice.

const PREFIX = "sparring:journal";
const KNOWN = "sparring:known"; // what the server has, for a page that comes from a cache
const MOST_KNOWN = 30;
const HOLD_MS = 500; // a page that is being reloaded lets go of its locks a moment later
const LEFT_MS = 600_000; // where there are no locks, what rests so long has no page that lives
const keyOf = (user, attempt, writer) => `${PREFIX}:${user}:${attempt}:${writer}`;

export class Store {
  constructor(user) {
    this.user = user;
    this.keeps = true;
  }

  write(attempt, writer, record) {
    const key = keyOf(this.user, attempt, writer);
    const text = JSON.stringify({ ...record, at: Date.now() });
    this.keeps = attempted(() => {
      if (record.pending.length) put(key, text);
      else localStorage.removeItem(key);
    });
  }

  remember(attempt, state) {
    const key = `${KNOWN}:${this.user}:${attempt}`;
    attempted(() => {
      localStorage.removeItem(key);
      localStorage.setItem(key, JSON.stringify({ ...state, at: Date.now() }));
      const known = keysOf(KNOWN).map((one) => [JSON.parse(localStorage.getItem(one)).at, one]);
      known.sort(([one], [other]) => other - one);
      for (const [, eldest] of known.slice(MOST_KNOWN)) localStorage.removeItem(eldest);
    });
  }

  recall(attempt) {
    try {
      return JSON.parse(localStorage.getItem(`${KNOWN}:${this.user}:${attempt}`));
    } catch {
      return null;
    }
  }

  // Leaves nothing for whoever uses the browser next but what has not been sent.
  forget() { attempted(() => keysOf(KNOWN).forEach((key) => localStorage.removeItem(key))); }

  read(attempt, writer) {
    try {
      return JSON.parse(localStorage.getItem(keyOf(this.user, attempt, writer)));
    } catch {
      return null;
    }
  }

  // Every record of this user: [attempt, writer, record], the eldest writer first.
  all() {
    try {
      return keysOf(`${PREFIX}:${this.user}`)
        .map((key) => key.split(":").slice(3))
        .map(([attempt, writer]) => [attempt, writer, this.read(attempt, writer)])
        .filter(([, , record]) => record?.pending?.length)
        .sort(([, , one], [, , other]) => one.born - other.born);
    } catch {
      return [];
    }
  }
}

const keysOf = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(`${prefix}:`));

function attempted(act) {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

// What was typed comes before what is only remembered.
function put(key, text) {
  if (attempted(() => localStorage.setItem(key, text))) return;
  keysOf(KNOWN).forEach((one) => localStorage.removeItem(one));
  localStorage.setItem(key, text);
}

export const freshName = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Holds a writer's lock until this page goes; false where another page holds it.
export function hold(writer, record = null) {
  if (!navigator.locks) return Promise.resolve(record !== null && Date.now() - record.at > LEFT_MS);
  return new Promise((told) => {
    const waits = record ? { signal: AbortSignal.timeout(HOLD_MS) } : {};
    navigator.locks
      .request(`${PREFIX}:${writer}`, waits, () => { told(true); return new Promise(() => {}); })
      .catch(() => told(false));
  });
}

// Runs something while holding a writer's lock, if no page holds it.
export async function withFree(writer, record, act) {
  if (!navigator.locks) {
    if (Date.now() - record.at > LEFT_MS) await act();
    return;
  }
  await navigator.locks.request(`${PREFIX}:${writer}`, { ifAvailable: true }, (lock) => lock && act());
}
