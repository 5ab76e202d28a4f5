{% load i18n %}/* A push brings nothing but "there is something": what it is, is fetched with the reader's own session. */
const LATEST = "{% url 'notification_latest' %}", HOME = "{% url 'notifications' %}";
const NEUTRAL = { title: "Sapa", body: "{% filter escapejs %}{% translate 'There is something new. Open Sapa to read it.' %}{% endfilter %}", url: HOME, tag: "sapa" };

async function newest() {
  try {
    const answer = await fetch(LATEST, { credentials: "same-origin", redirect: "error", cache: "no-store" });
    return answer.ok ? { ...NEUTRAL, ...await answer.json() } : NEUTRAL;
  } catch {
    return NEUTRAL;
  }
}

self.addEventListener("push", (event) => event.waitUntil(newest().then(({ title, body, url, tag }) =>
  self.registration.showNotification(title, { body, tag, renotify: true, data: { url } }))));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.url ?? HOME, self.location.origin).href;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((open) => {
    const page = open.find((each) => "navigate" in each);
    return page ? page.focus().then(() => page.navigate(address)) : self.clients.openWindow(address);
  }));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
