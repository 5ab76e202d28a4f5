/* A kiosk shows nobody what the visitor before has typed: a page that is left is emptied before the browser can keep it,
   and one that the browser brings back from its memory leads to the server again, which knows whether it still counts. */
addEventListener("pagehide", () => {
  for (const form of document.forms) form.reset();
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea")) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
});
const leave = (to) => document.dispatchEvent(new CustomEvent("sapa:leave", { cancelable: true, detail: to })) && location.replace(to);
addEventListener("pageshow", (event) => event.persisted && leave(location.pathname + location.search));
document.querySelector("[data-print]")?.addEventListener("click", () => print());
/* The start looks now and then whether the office has opened or closed meanwhile. */
if (document.body.dataset.refresh) setTimeout(leave, document.body.dataset.refresh * 1000, location.pathname);
