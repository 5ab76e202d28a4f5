/* <idle-reset start="/…" seconds="60" warn="15">: a shared screen warns, goes back to the start and forgets. */
customElements.define("idle-reset", class extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds")), warn = Number(this.getAttribute("warn"));
    const dialog = this.querySelector("dialog"), count = this.querySelector("[data-count]");
    let last = Date.now();
    this.ending = new AbortController();
    const on = { signal: this.ending.signal, passive: true, capture: true };
    const forget = () => { for (const form of document.forms) form.reset(); sessionStorage.clear(); };
    const leave = new CustomEvent("sapa:leave", { cancelable: true, detail: this.getAttribute("start") });
    const restart = () => { forget(); document.dispatchEvent(leave) && location.replace(leave.detail); };
    const stay = () => { last = Date.now(); if (dialog.open) dialog.close(); };
    for (const form of document.forms) form.autocomplete = "off";
    for (const name of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
      document.addEventListener(name, () => { if (!dialog.open) last = Date.now(); }, on);
    }
    this.querySelector("[data-stay]").addEventListener("click", stay, on);
    dialog.addEventListener("cancel", stay, on);
    addEventListener("pageshow", (event) => event.persisted && restart(), on);
    this.timer = setInterval(() => {
      const left = Math.ceil(seconds - (Date.now() - last) / 1000);
      if (left <= 0) return clearInterval(this.timer), restart();
      count.textContent = left;
      if (left <= warn && !dialog.open) dialog.showModal();
    }, 250);
  }
  disconnectedCallback() { clearInterval(this.timer); this.ending.abort(); }
});
