/* <push-opt-in data-key data-worker>: asks the browser to be woken and sends its address by the form inside. */
customElements.define("push-opt-in", class extends HTMLElement {
  connectedCallback() {
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
    this.form = this.querySelector("form");
    this.form.hidden = false;
    this.querySelector("[data-impossible]").hidden = true;
    // The press, not the sending: a form that was sent once is sent no second time (submit-once.js).
    this.form.querySelector("button").addEventListener("click", (event) => {
      event.preventDefault();
      this.ask();
    });
  }
  say(words) { this.querySelector("[role=status]").textContent = words; }
  async ask() {
    this.say("");
    if (await Notification.requestPermission() !== "granted") return this.say(this.dataset.denied);
    try {
      const registration = await navigator.serviceWorker.register(this.dataset.worker);
      await navigator.serviceWorker.ready;
      const key = Uint8Array.from(atob(this.dataset.key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
      // Made with another key of ours: a browser keeps one subscription and refuses a second key.
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      const { endpoint, keys } = (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
      Object.assign(this.form.endpoint, { value: endpoint });
      Object.assign(this.form.p256dh, { value: keys.p256dh });
      Object.assign(this.form.auth, { value: keys.auth });
      this.form.requestSubmit();
    } catch {
      this.say(this.dataset.failed);
    }
  }
});
