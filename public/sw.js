// The service worker: shows push messages, and without a network the copies of pages that lib/ui/keep-copy.ts kept.
// It never sees what is posted: no money waits for a network.

const COPIES = "copies-";
// Longer than a page takes on the slowest networks.
const PATIENCE_MS = 15_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open("offline").then((cache) => cache.addAll(["/offline", "/en/offline"])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(visit(event));
  // Style sheets of a build never change.
  else if (request.destination === "style")
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

async function visit(event) {
  const { pathname, search } = new URL(event.request.url);
  const network = load(event);
  event.waitUntil(network.then(forgetOthers, () => {}));
  const copy = search === "" && (await findCopy(pathname));
  try {
    return await (copy ? Promise.race([network, tooLong()]) : network);
  } catch {
    const page = /^\/en(\/|$)/.test(pathname) ? "/en/offline" : "/offline";
    return copy || (await caches.match(page)) || Response.error();
  }
}

async function load(event) {
  return (await event.preloadResponse) ?? (await fetch(event.request));
}

function tooLong() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

async function findCopy(path) {
  const copy = await caches.match(path.replace(/(.)\/$/, "$1"));
  return copy && Date.now() - Date.parse(copy.headers.get("date")) < KEPT_MS ? copy : undefined;
}

// Each page of a person names the session whose copies may stay, or `none`.
async function forgetOthers({ headers }) {
  const session = headers.get("offline-copies");
  for (const name of session ? await caches.keys() : [])
    if (name.startsWith(COPIES) && name !== COPIES + session) await caches.delete(name);
}

self.addEventListener("push", (event) => {
  let message = {};
  try {
    message = event.data.json();
  } catch {
    // A browser must show something for each push.
  }
  const { title = "Cauris", body = "", lang = "fr" } = message;
  event.waitUntil(
    self.registration.showNotification(title, { body, lang, icon: "/icon-192.png", data: { lang } }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { lang } = event.notification.data ?? {};
  const path = lang === "en" ? "/en/wallet/notices" : "/wallet/notices";
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((windows) => {
      const open = windows.find(({ url }) => new URL(url).pathname === path);
      return open ? open.focus() : self.clients.openWindow(path);
    }),
  );
});
