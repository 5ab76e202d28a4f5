/* <conversation-thread>: a conversation that grows at its end (#newer fetches what it lacks). Keeps the end in sight, shows who
   is writing, how far one's own messages have come, and clears the composer once the server has the message. */
const SHOWN = 6_000, SAY_AGAIN = 3_000;
// Not randomUUID: that is missing on plain http, and an office may run this on its LAN.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
customElements.define("conversation-thread", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".thread");
    this.line = this.querySelector("[data-typing-line]");
    this.toEnd();
    this.listen(document, "htmx:configRequest", (event) => {
      if (event.detail.elt.id === "newer" && !document.hidden) event.detail.parameters.tampak = "1";
      if (event.detail.elt.id === "composer") event.detail.parameters.sejak = this.newer?.dataset.last ?? 0;
    });
    this.listen(document, "htmx:beforeSwap", (event) => {
      this.wasAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
      // A refusal is an answer: its sentence is shown, nothing has failed.
      if ([409, 422, 429].includes(event.detail.xhr.status)) event.detail.shouldSwap = true, event.detail.isError = false;
    });
    this.listen(document, "htmx:afterSwap", () => this.settle());
    this.listen(document, "sapa:said", (event) => this.clear(event.target.closest("form")));
    this.listen(document, "sapa:signal", (event) => event.detail.names?.includes(this.dataset.typing) && this.typing());
    this.listen(document, "input", (event) => event.target.matches(".composer textarea") && this.tell(event.target.form));
    this.listen(document, "htmx:responseError", (event) => event.detail.xhr.status === 413 && alert(event.detail.xhr.responseText));
    this.listen(document, "keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-ctrl-enter]")) event.target.form.requestSubmit();
    });
  }
  listen(where, what, how) { where.addEventListener(what, how, { signal: (this.ends ??= new AbortController()).signal }); }
  disconnectedCallback() { this.ends?.abort(); this.ends = undefined; }
  get newer() { return this.querySelector("#newer"); }
  toEnd() { this.list.scrollTop = this.list.scrollHeight; }
  settle() {
    const once = new Set();
    for (const each of this.list.querySelectorAll("[id^=pesan-], .msg-day")) {
      const name = each.id || each.dataset.day;
      if (once.has(name)) each.remove();
      once.add(name);
    }
    const { delivered, read } = this.newer?.dataset ?? {};
    for (const state of this.list.querySelectorAll(".msg-state")) {
      const at = Number(state.dataset.seq), how = at <= read ? "seen" : at <= delivered ? "got" : "sent";
      if (!state.classList.contains(how)) state.className = `msg-state ${how}`, state.textContent = this.dataset[how];
    }
    if (this.wasAtEnd) this.toEnd();
    this.line.hidden = true;
  }
  clear(form) {
    form.reset();
    form.querySelector("textarea").value = "";
    form.querySelector("#kept")?.replaceChildren();
    form.querySelector("[name=key]").value = newKey();
    for (const gone of form.querySelectorAll(".held, .notice, [data-gone]")) gone.remove();
    this.wasAtEnd = true;
    this.toEnd();
  }
  typing() {
    this.line.hidden = false;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { this.line.hidden = true; }, SHOWN);
  }
  tell(form) {
    if (Date.now() - (this.told ?? 0) < SAY_AGAIN) return;
    this.told = Date.now();
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    fetch(this.dataset.typingUrl, { method: "POST", body, keepalive: true }).catch(() => {});
  }
});
