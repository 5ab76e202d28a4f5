/* The search by keys: "/" goes to the box, arrows from the box through the hits and back, j and k too, Escape to the box. Says so when
   a search went nowhere; what was typed stays. */
class SearchKeys extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input[type=search]");
    this.lost = this.querySelector(".search-lost");
    document.addEventListener("keydown", (event) => this.#press(event));
    const says = (text) => { this.lost.hidden = !text; this.lost.textContent = text; };
    for (const gone of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
      this.addEventListener(gone, () => says(this.dataset.lost));
    this.addEventListener("htmx:afterOnLoad", () => says(""));
  }
  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const hits = [...document.querySelectorAll("#results a[data-hit]")], at = hits.indexOf(event.target);
    const inBox = event.target === this.box, typing = event.target.closest("input, textarea, select");
    let next;
    if (event.key === "/" && !typing) next = this.box;
    else if (event.key === "Escape" && at >= 0) next = this.box;
    else if (event.key === "ArrowDown" && (inBox || at >= 0) || event.key === "j" && !typing) next = hits[at + 1];
    else if ((event.key === "ArrowUp" || event.key === "k") && at >= 0) next = hits[at - 1] ?? this.box;
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
customElements.define("search-keys", SearchKeys);
