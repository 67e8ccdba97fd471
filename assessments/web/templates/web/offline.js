{% load static %}// Shows a page of ours where a page cannot be reached. Nothing else is kept, and nothing of anybody:
// what is asked for goes to the server as if this file were not there.
const KEPT = ["{% url 'web:offline' %}", "{% static 'web/tokens.css' %}", "{% static 'web/base.css' %}", "{% static 'web/theme.js' %}"];
const STORE = "offline-" + KEPT.join();

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(KEPT)));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name !== STORE).map((name) => caches.delete(name)))));
});
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match(KEPT[0])));
  } else if (KEPT.includes(path) && !navigator.onLine) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
