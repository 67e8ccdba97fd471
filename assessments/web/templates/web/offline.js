{% load static %}// Shows a page of ours where a page cannot be reached: of pages with an answer the last that was seen,
// so that it can be worked on, else one that says what to do. Pages are kept for whom the server names,
// and for nobody once they sign out or somebody else signs in.
const KEPT = ["{% url 'web:offline' %}", "{% static 'web/tokens.css' %}", "{% static 'web/base.css' %}", "{% static 'web/theme.js' %}"];
const STORE = "offline-" + KEPT.join();
const PARTS = "parts-" + KEPT.join();
const SEEN = "seen-";
const MOST_SEEN = 30;
const STATIC = new URL("{% static 'web/' %}", location.href).pathname.replace(/web\/$/, "");
const ACCOUNTS = "{% url 'account_login' %}".replace(/[^/]+\/$/, "");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(KEPT)));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(drop((name) => !name.startsWith(SEEN) && name !== STORE && name !== PARTS));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname.startsWith(ACCOUNTS)) event.waitUntil(drop((name) => name.startsWith(SEEN)));
    if (request.method === "GET") event.respondWith(page(event));
  } else if (request.method === "GET" && pathname.startsWith(STATIC)) {
    event.respondWith(part(event));
  }
});

async function drop(chosen) {
  const names = await caches.keys();
  await Promise.all(names.filter(chosen).map((name) => caches.delete(name)));
}

async function page(event) {
  try {
    const answer = await fetch(event.request);
    const owner = answer.headers.get("X-Kept-For");
    if (owner !== null && answer.ok) event.waitUntil(keep(owner, event.request, answer.clone()));
    return answer;
  } catch {
    return (await seen(event.request)) ?? (await caches.match(KEPT[0])) ?? Response.error();
  }
}

async function keep(owner, request, answer) {
  await drop((name) => name.startsWith(SEEN) && name !== SEEN + owner);
  const store = await caches.open(SEEN + owner);
  await store.delete(request);
  await store.put(request, answer);
  const kept = await store.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_SEEN)).map((one) => store.delete(one)));
}

async function seen(request) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(SEEN) && (await (await caches.open(name)).match(request));
    if (found) return found;
  }
  return undefined;
}

// Scripts and styles come from the network; what was loaded once stands in for it.
async function part(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(PARTS).then((store) => store.put(event.request, copy)));
    }
    return answer;
  } catch {
    return (await caches.match(event.request)) ?? Response.error();
  }
}
