/* A screen that nobody can lead back from the browser's own error page never gets there: its links wait until somebody
   answers, and what goes back to the start ("sapa:leave", with the address) forgets at once and goes as soon as it can. */
const attempt = (detail) => document.dispatchEvent(new CustomEvent("sapa:go", { cancelable: true, detail })) && detail.go();
let leaving;

function forget() {
  const title = document.createElement("h1");
  title.textContent = document.querySelector("[data-line]").dataset.title;
  for (const part of document.querySelectorAll("main > *, footer, form, idle-reset, .progress-steps")) part.remove();
  const main = document.querySelector("main");
  main.classList.add("left");
  main.append(title);
}

document.addEventListener("sapa:leave", (event) => {
  event.preventDefault();
  if (leaving) return;
  leaving = event.detail;
  const go = () => { location.replace(leaving); leaving = undefined; }; // a page that comes back from memory leaves again
  attempt({ go, lost: forget, later: true });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([href^='#'])");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const start = document.querySelector("idle-reset")?.getAttribute("start");
  if (link.getAttribute("href") === start) document.dispatchEvent(new CustomEvent("sapa:leave", { detail: start }));
  else attempt({ go: () => location.assign(link.href) });
});
