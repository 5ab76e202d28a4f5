/* A form is sent once, and only while somebody answers: a press without a line leaves the page as it is and says so ([data-line]:
   the notice, and the address that is asked). Buttons stay enabled: a disabled one would take its name and value out of the form. */
const line = AbortSignal.timeout && document.querySelector("[data-line]");
let patience = 4_000, passing, next, round = 0;

const release = (form) => {
  delete form.dataset.sent;
  for (const busy of form.elements) busy.removeAttribute("aria-busy");
};

async function answers() {
  try {
    const signal = AbortSignal.timeout(patience);
    return (await fetch(line.dataset.line, { method: "HEAD", cache: "no-store", signal })).status < 500;
  } catch (error) {
    if (error.name === "TimeoutError") patience = 8_000; // a slow line is not taken for none twice
  }
}

function say(what) {
  const now = ++round, inside = document.querySelector("dialog[open], .left");
  line.hidden = !what;
  line.dataset.says = what;
  line.lastChild.textContent = line.dataset[what];
  if (inside) inside.append(line);
  else document.body.prepend(line);
  const look = () => setTimeout(async () => {
    const back = now === round && !document.hidden && await answers();
    if (now !== round) return;
    if (!back) look();
    else if (next) next();
    else say("back");
  }, 2_000 + 2_000 * Math.random());
  if (what === "away" || what === "gone") look();
}

/* Goes if somebody answers; else waits for the next press, or (`later`) goes by itself. */
async function attempt({ go, lost, later }) {
  if (!next) say();
  if (await answers()) return next || go();
  lost?.();
  if (later) next = go;
  say(next ? "gone" : "away");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form === passing || (form.method !== "post" && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]"))) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, 15_000, form);
}, true);
// After all other listeners: what htmx sends does not leave the page.
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!line || form === passing || event.defaultPrevented || form.method === "dialog") return;
  event.preventDefault();
  attempt({ lost: () => release(form), go: () => {
    if (!form.isConnected) form.hidden = true, document.body.append(form); // its live part was replaced meanwhile
    passing = form;
    form.requestSubmit(submitter?.form === form ? submitter : undefined);
    passing = undefined;
  } });
});
document.addEventListener("sapa:go", (event) => line && (event.preventDefault(), attempt(event.detail)));

const pressed = (event) => line && event.detail.requestConfig?.triggeringEvent?.type === "submit";
document.addEventListener("htmx:beforeRequest", (event) => pressed(event) && attempt({
  go() {}, lost: () => event.target.dispatchEvent(new Event("htmx:abort", { bubbles: true })),
}));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
  const { status } = event.detail.xhr;
  if (pressed(event)) say(status >= 500 ? "failed" : status ? "" : "away");
});
// What a press changed is told as news, too: a page that the press is leaving is not loaded anew, its own answer would be given up.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!pressed(event) && event.detail.xhr.getResponseHeader("HX-Refresh") && document.querySelector("form[data-sent]")) event.preventDefault();
});
addEventListener("pageshow", () => {
  for (const form of document.forms) release(form);
  if (line) say();
});
