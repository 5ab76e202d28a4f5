/* <search-suggest src="/…">: ways to go on typing, in a list under the box inside. Down and Up choose, Enter searches for
   what is chosen, Escape closes; a touch chooses and searches. The server answers {"results": ["…"]}. */
class SearchSuggest extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input"), this.list = this.querySelector("[role=listbox]");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      this.box.setAttribute(name, value);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("blur", () => this.#show([]));
    // Before the box loses the focus.
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.#take(event.target.closest("li")); });
    this.box.form.addEventListener("submit", () => this.#show([]));
  }
  #typed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (this.box.value.trim().length < 2) return this.#show([]);
    this.timer = setTimeout(async () => {
      this.asking = new AbortController();
      const url = new URL(this.getAttribute("src"), location.href);
      url.searchParams.set("q", this.box.value);
      try {
        const answer = await fetch(url, { signal: this.asking.signal, headers: { Accept: "application/json" } });
        if (answer.ok && document.activeElement === this.box) this.#show((await answer.json()).results);
      } catch { /* a courtesy: typing goes on without it */ }
    }, 200);
  }
  #show(texts) {
    clearTimeout(this.timer);
    this.list.replaceChildren(...texts.map((text, place) => {
      const option = document.createElement("li");
      option.role = "option", option.id = `${this.list.id}-${place}`, option.textContent = text;
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    this.list.hidden = !texts.length;
    this.box.setAttribute("aria-expanded", String(!!texts.length));
    this.box.removeAttribute("aria-activedescendant");
  }
  #press(event) {
    const options = [...this.list.children], at = options.findIndex((each) => each.ariaSelected === "true");
    if (!options.length || event.isComposing) return;
    if (event.key === "Escape") this.#show([]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? options.length - 1 : at - 1;
      for (const [place, each] of options.entries()) each.setAttribute("aria-selected", String(place === next));
      if (options[next]) this.box.setAttribute("aria-activedescendant", options[next].id), options[next].scrollIntoView({ block: "nearest" });
      else this.box.removeAttribute("aria-activedescendant");
    } else if (event.key === "Enter" && at >= 0) this.#take(options[at]);
    else return;
    event.preventDefault();
  }
  #take(option) {
    if (!option) return;
    this.box.value = option.textContent;
    this.#show([]);
    this.box.form.requestSubmit();
  }
}
customElements.define("search-suggest", SearchSuggest);
