// Asks the browser to keep the page that stands in while there is no connection; once the page
// that one came for is there, and only where a browser can.
addEventListener("load", () => {
  const worker = document.body.dataset.offline;
  if (worker) navigator.serviceWorker?.register(worker).catch(() => { /* Then without it. */ });
});
