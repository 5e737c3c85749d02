// The service worker of Cauris: it shows push messages, and nothing else.

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
