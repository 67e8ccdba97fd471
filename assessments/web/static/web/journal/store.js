// What is typed and not yet acknowledged, kept in this browser at once, by user, attempt and writer.
// A writer is one page; a lock says whether it still lives, so that what a closed one left behind
// can be sent by another. A page never goes on under the name of an earlier one: a browser that ends
// suddenly may forget the last things it kept, and a number must not be given twice.

const PREFIX = "sparring:journal";
const HOLD_MS = 500; // a page that is being reloaded lets go of its locks a moment later
const LEFT_MS = 600_000; // where there are no locks, what rests so long has no page that lives
const keyOf = (user, attempt, writer) => `${PREFIX}:${user}:${attempt}:${writer}`;

export class Store {
  constructor(user) {
    this.user = user;
    this.keeps = true;
  }

  write(attempt, writer, record) {
    try {
      const key = keyOf(this.user, attempt, writer);
      if (record.pending.length) localStorage.setItem(key, JSON.stringify({ ...record, at: Date.now() }));
      else localStorage.removeItem(key);
      this.keeps = true;
    } catch {
      this.keeps = false;
    }
  }

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
      const mine = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}:${this.user}:`));
      return mine
        .map((key) => key.split(":").slice(3))
        .map(([attempt, writer]) => [attempt, writer, this.read(attempt, writer)])
        .filter(([, , record]) => record?.pending?.length)
        .sort(([, , one], [, , other]) => one.born - other.born);
    } catch {
      return [];
    }
  }
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
