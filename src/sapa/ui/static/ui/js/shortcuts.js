/* Keys: [data-key="n"] is pressed by its key, "?" shows them all. They rest while one types, and can be switched off
   (WCAG 2.1.4). [data-opens="id"] opens the dialog of that id. */
const ON = "sapa.keys";
const keys = () => [...document.querySelectorAll("[data-key]")].filter((one) => !one.disabled && one.checkVisibility?.() !== false && one.offsetParent);
const enabled = () => { try { return localStorage.getItem(ON) !== "off"; } catch { return true; } };

function showKeys() {
  const dialog = document.querySelector("dialog[data-keys]");
  if (!dialog || dialog.open) return;
  dialog.querySelector("[data-keys-list]").replaceChildren(...keys().map((one) => {
    const line = document.createElement("div"), term = document.createElement("dt"), what = document.createElement("dd"), cap = document.createElement("kbd");
    cap.className = "key";
    cap.textContent = one.dataset.key;
    what.textContent = one.dataset.keyLabel ?? one.getAttribute("aria-label") ?? (one.querySelector("span") ?? one).textContent.trim();
    term.append(cap);
    line.append(term, what);
    return line;
  }));
  dialog.querySelector("[data-keys-on]").checked = enabled();
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return showKeys();
  const found = enabled() && keys().find((one) => one.dataset.key === event.key);
  if (!found) return;
  event.preventDefault();
  found.focus();
  if (!found.matches("input, textarea, select")) found.click();
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-shows-keys]")) showKeys();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  try { localStorage.setItem(ON, event.target.checked ? "on" : "off"); } catch { /* nothing is kept in private windows */ }
});
