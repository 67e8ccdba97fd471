// What is typed and not yet acknowledged, kept in this browser at once, by user, attempt and writer.
// A writer is one tab; a lock says whether its page still lives, so that what a closed one left
// behind can be sent by another.

const PREFIX = "sparring:journal";
const keyOf = (user, attempt, writer) => `${PREFIX}:${user}:${attempt}:${writer}`;

export class Store {
  constructor(user) {
    this.user = user;
    this.keeps = true;
  }

  write(attempt, writer, record) {
    try {
      const key = keyOf(this.user, attempt, writer);
      if (record.pending.length) localStorage.setItem(key, JSON.stringify(record));
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

  // Every record of this user: [attempt, writer].
  all() {
    try {
      const mine = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}:${this.user}:`));
      return mine.map((key) => key.split(":").slice(3));
    } catch {
      return [];
    }
  }
}

export const freshName = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Holds a writer's lock until this page goes; false where another page holds it.
export function hold(writer) {
  if (!navigator.locks) return Promise.resolve(false);
  return new Promise((told) => {
    const kept = navigator.locks.request(`${PREFIX}:${writer}`, { ifAvailable: true }, (lock) => {
      told(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
    kept.catch(() => told(false));
  });
}

// Runs something while holding a writer's lock, if no page holds it.
export async function withFree(writer, act) {
  if (!navigator.locks) return;
  await navigator.locks.request(`${PREFIX}:${writer}`, { ifAvailable: true }, (lock) => lock && act());
}

// The name that this tab writes under. It outlives a reload; a copied tab gets its own.
export async function writerOfTab() {
  let name = null;
  try { name = sessionStorage.getItem(PREFIX); } catch { /* a new one, then */ }
  if (name && (await hold(name))) return name;
  name = freshName();
  await hold(name);
  try { sessionStorage.setItem(PREFIX, name); } catch { /* it lasts as long as this page */ }
  return name;
}
