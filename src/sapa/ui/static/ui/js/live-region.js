/* <live-region src="/stream/" data-seen="123" data-names="ticket. desk.">: keeps what is inside fresh.
   One EventSource for the page. It brings names and ids only; whatever listens to "sapa:signal from:document"
   fetches its own part. The page says by itself when it no longer hears anything. */
const QUIET = 40_000, GRACE = 2_000, DEBOUNCE = 50;
const UNDERWAY = "[hx-trigger^='sapa:signal'].htmx-request";
const regions = new Set();
let source, address, heard = Date.now(), seen = 0, tries = 0, batch = [], sending, reopening, offline, held = false, pressed = 0, behind = false, lost = false, missed = [];

const listens = (element, names) => {
  const wanted = element.closest("live-region")?.dataset.names?.split(/\s+/).filter(Boolean);
  return !wanted?.length || !names || names.some((name) => wanted.some((prefix) => name.startsWith(prefix)));
};

function show(state) {
  if (document.body.dataset.live === state) return;
  for (const one of [document.body, ...regions]) one.dataset.live = state;
  const time = new Date(heard).toLocaleTimeString(document.documentElement.lang === "en" ? "en-GB" : "id-ID", { hour: "2-digit", minute: "2-digit" });
  for (const banner of document.querySelectorAll("[data-live-banner]")) {
    banner.hidden = state === "live";
    banner.querySelector("[data-live-words]").textContent = state === "live" ? "" : banner.dataset[state].replace("{time}", time);
  }
}

function tell(signals) {
  const names = signals && signals.map((signal) => signal.name);
  // What is being fetched just now may be older than this signal, and is replaced by its answer: said once more then.
  if (document.querySelector(UNDERWAY)) missed.push(signals);
  document.dispatchEvent(new CustomEvent("sapa:signal", { detail: { signals: signals ?? [], names } }));
}

function hear() {
  heard = Date.now();
  tries = 0;
  clearTimeout(offline);
  offline = undefined;
}

function open() {
  clearTimeout(reopening);
  source?.close();
  source = new EventSource(address);
  source.addEventListener("beat", () => { hear(); if (!behind) show("live"); });
  source.addEventListener("hello", (event) => {
    const { last = 0, recent = false } = JSON.parse(event.data), afterLoss = lost;
    lost = false;
    hear();
    // After a cut the page is live again when it has fetched what it missed, not before.
    if (last > seen || recent || afterLoss || behind) { behind = true; tell(); }
    else if (!behind) show("live");
    seen = Math.max(seen, last);
  });
  source.addEventListener("signal", (event) => {
    const signal = JSON.parse(event.data);
    hear();
    seen = Math.max(seen, signal.id ?? 0);
    batch.push(signal);
    sending ??= setTimeout(() => { const all = batch; batch = []; sending = undefined; tell(all); }, DEBOUNCE);
  });
  // The right to listen has ended (signed out, device revoked): ask again now and then, not at once.
  source.addEventListener("bye", () => { tries = 6; lose(); });
  source.addEventListener("error", lose);
}

function lose() {
  lost = true;
  source?.close();
  offline ??= setTimeout(() => show("offline"), GRACE);
  clearTimeout(reopening);
  // Every page loses the stream at the same moment when the server restarts: they must not all come back at once.
  reopening = setTimeout(open, Math.min(10_000, 500 * 2 ** tries++) * (0.5 + Math.random()));
}

function wake() {
  if (document.hidden || !regions.size) return;
  if (Date.now() - heard > QUIET) show("stale");
  tries = 0; // the line is back or the phone awake: what failed while it was not says nothing about now
  if (source.readyState !== EventSource.OPEN || Date.now() - heard > QUIET / 2) open();
  tell();
}

setInterval(() => {
  if (!regions.size || document.hidden || Date.now() - heard < QUIET) return;
  if (document.body.dataset.live !== "offline") show("stale");
  if (source.readyState === EventSource.OPEN) lose();
}, 5_000);
document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("offline", () => regions.size && lose());
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && wake());

// What is wrong in a form is shown until it is put right.
const mending = (target) => !!target?.querySelector("[aria-invalid=true]");
const typing = (target) => document.activeElement?.matches("input:not([type=radio], [type=checkbox]), textarea, select") && target?.contains(document.activeElement);
// By a signal, or by the time that has gone by ("every 30s"): then htmx names no event.
const caused = ({ detail: { elt, requestConfig: by } }) => by && (by.triggeringEvent?.type ?? (elt.matches("[hx-trigger*=every]") && "sapa:signal")) === "sapa:signal";
// While a press is on its way, nothing else replaces the part that its answer is meant for: it would come to nobody.
const press = (event) => event.detail.requestConfig?.triggeringEvent?.type === "submit";
const busy = () => Date.now() - pressed < 15_000;
const resume = () => { if (held && !busy() && !typing(document.body)) { held = false; tell(); } };
document.addEventListener("htmx:beforeRequest", (event) => {
  if (press(event)) pressed = Date.now();
  if (!caused(event)) return;
  if (!listens(event.detail.elt, event.detail.requestConfig.triggeringEvent?.detail.names) || mending(event.detail.target)) event.preventDefault();
  else if (busy() || typing(event.detail.target)) { held = true; event.preventDefault(); }
});
document.addEventListener("htmx:afterRequest", (event) => { if (press(event)) { pressed = 0; setTimeout(resume); } });
document.addEventListener("htmx:afterRequest", () => setTimeout(() => {
  if (!missed.length || document.querySelector(UNDERWAY)) return;
  const all = missed;
  missed = [];
  tell(all.every(Boolean) ? all.flat() : undefined);
}));
// `data-with="#part"` marks what comes out of band with that part.
// What the reader has unfolded stays unfolded: a confirmation must not vanish because somebody else took a number.
// The focus stays on what looks and acts the same: who works by keys must not be thrown back to the top of the page.
// What was typed or ticked in it and not sent yet is there again.
let unfolded = [], typed = [], focused;
const FIELDS = "input:not([type=hidden], [type=file]), textarea, select";
const own = (field) => [field.form?.action, field.name, field.matches("[type=radio], [type=checkbox]") && field.value].join();
const touched = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const folded = (details) => details.id || details.querySelector("summary")?.textContent.trim();
const sign = (element) => [element.tagName, element.href ?? element.form?.action, element.textContent.trim()].join();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (caused(event) && (busy() || typing(event.detail.target))) { held = true; event.detail.shouldSwap = false; }
  const at = document.activeElement;
  const parts = caused(event) ? [event.detail.target, ...document.querySelectorAll(`[data-with="#${event.detail.target.id}"]`)] : [];
  focused = parts.some((part) => part.contains(at)) ? sign(at) : "";
  unfolded = parts.flatMap((part) => [...part.querySelectorAll("details[open]")].map(folded));
  typed = caused(event) ? [...event.detail.target.querySelectorAll(FIELDS)].filter(touched).map((field) => [own(field), field.value, field.checked]) : [];
});
document.addEventListener("htmx:afterSwap", () => {
  for (const name of unfolded) [...document.querySelectorAll("details:not([open])")].find((each) => folded(each) === name)?.setAttribute("open", "");
  for (const [sign, value, checked] of typed) {
    const field = [...document.querySelectorAll(FIELDS)].find((each) => own(each) === sign);
    if (field?.matches("select") ? [...field.options].some((option) => option.value === value) : field) Object.assign(field, { value, checked });
  }
  if (!focused || document.activeElement !== document.body) return;
  [...document.querySelectorAll("a, button, summary")].find((each) => sign(each) === focused)?.focus({ preventScroll: true });
});
document.addEventListener("focusout", () => setTimeout(resume));
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    if (!caused(event)) return;
    behind = true;
    show("stale");
    setTimeout(tell, 3_000 + 4_000 * Math.random());
  });
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (!caused(event) || source?.readyState !== EventSource.OPEN) return;
  behind = false;
  show("live");
});

customElements.define("live-region", class extends HTMLElement {
  connectedCallback() {
    if (!this.hasAttribute("src")) return; // hears, by its own names, what the page's stream brings
    regions.add(this);
    seen = Math.max(seen, Number(this.dataset.seen) || 0);
    this.dataset.live = document.body.dataset.live ?? "live";
    if (address) return;
    address = this.getAttribute("src");
    document.body.dataset.live ??= "live";
    open();
  }
  disconnectedCallback() {
    regions.delete(this);
    if (regions.size) return;
    source?.close();
    address = undefined;
  }
});
