/* <count-down start due now lang data-left data-late data-due>: keeps the words and the bar of a promise true.
   `now` is the server's clock, because a visitor's phone may be wrong. Not a live region: it would never be quiet. */
const all = new Set();

function length(ms, lang) {
  const part = (amount, unit) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(amount);
  const seconds = Math.floor(Math.abs(ms) / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  if (!minutes) return part(seconds, "second");
  if (!hours) return part(minutes, "minute");
  if (hours < 24) return [part(hours, "hour"), minutes % 60 && part(minutes % 60, "minute")].filter(Boolean).join(" ");
  return [part(Math.floor(hours / 24), "day"), hours % 24 && part(hours % 24, "hour")].filter(Boolean).join(" ");
}

setInterval(() => { if (!document.hidden) for (const one of all) one.tick(); }, 1000);
document.addEventListener("visibilitychange", () => { for (const one of all) one.tick(); });

customElements.define("count-down", class extends HTMLElement {
  connectedCallback() {
    [this.from, this.due] = [Date.parse(this.getAttribute("start")), Date.parse(this.getAttribute("due"))];
    this.skew = (Date.parse(this.getAttribute("now")) || Date.now()) - Date.now();
    all.add(this);
    this.tick();
  }
  disconnectedCallback() { all.delete(this); }
  tick() {
    const left = this.due - Date.now() - this.skew, late = left < 0, words = this.querySelector("[data-words]");
    const text = this.dataset[late ? "late" : "left"].replace("{time}", length(left, this.lang || "id")).replace("{due}", this.dataset.due);
    if (words && words.textContent !== text) words.textContent = text;
    const bar = this.querySelector("progress");
    if (bar) bar.value = Math.max(0, Math.min(100, 100 - (100 * left) / (this.due - this.from || 1)));
    if (late === this.late) return;
    this.late = late;
    const promise = this.closest(".promise"), use = this.querySelector("use");
    promise?.classList.toggle("breached", late);
    promise?.classList.toggle("running", !late);
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, late ? "#alert-triangle" : "#clock"));
  }
});
