/* <search-suggest src="/…">: ways to go on typing, in a list under the box inside. Down and Up choose, Enter searches for what is
   chosen or goes there, Escape closes; a touch chooses. The server answers {"groups": [{"label", "options": [{"text", "note", "href"}]}]}. */
class SearchSuggest extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input"), this.list = this.querySelector("[role=listbox]"), this.known = new Map();
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      this.box.setAttribute(name, value);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("blur", () => this.#stop());
    // Before the box loses the focus.
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.#take(event.target.closest("[role=option]")); });
    this.box.form.addEventListener("submit", () => this.#stop());
  }
  /* Nothing is shown, and nothing that is on its way will be; whether there was anything to stop. */
  #stop() {
    const busy = !this.list.hidden || !!this.timer;
    this.asking?.abort();
    this.#show([]);
    return busy;
  }
  #typed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const text = this.box.value.trimStart();
    if (text.length < 2) return this.#show([]);
    if (this.known.has(text)) return this.#show(this.known.get(text));
    this.timer = setTimeout(async () => {
      this.asking = new AbortController();
      const url = new URL(this.getAttribute("src"), location.href);
      url.searchParams.set("q", text);
      try {
        const answer = await fetch(url, { signal: this.asking.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        this.known.set(text, (await answer.json()).groups);
        if (document.activeElement === this.box) this.#show(this.known.get(text));
      } catch { /* a courtesy: typing goes on without it */ }
    }, 120);
  }
  #show(groups) {
    this.timer = clearTimeout(this.timer);
    const typed = this.box.value.trimStart().toLowerCase();
    let number = 0;
    this.list.replaceChildren(...groups.map(({ label, options }, place) => {
      const group = make("div"), name = make("div", label);
      group.role = "group", name.id = `${this.list.id}-group-${place}`, name.className = "suggestions-name";
      group.setAttribute("aria-labelledby", name.id);
      group.append(name, ...options.map((each) => {
        const option = make("div"), begins = each.text.toLowerCase().startsWith(typed);
        option.role = "option", option.id = `${this.list.id}-${number++}`, option.dataset.text = each.text, option.dataset.href = each.href ?? "";
        option.setAttribute("aria-selected", "false");
        option.append(begins ? each.text.slice(0, typed.length) : "", begins ? make("b", each.text.slice(typed.length)) : each.text);
        if (each.note) option.append(" ", make("small", each.note));
        return option;
      }));
      return group;
    }));
    this.list.hidden = !groups.length;
    this.box.setAttribute("aria-expanded", String(!!groups.length));
    this.box.removeAttribute("aria-activedescendant");
  }
  #press(event) {
    const options = [...this.list.querySelectorAll("[role=option]")], at = options.findIndex((each) => each.ariaSelected === "true");
    if (event.isComposing) return;
    if (event.key === "Escape") return this.#stop() && event.preventDefault();
    if (!options.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
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
    const { text, href } = option.dataset, trail = this.box.form.elements.jejak?.value;
    this.#show([]);
    if (href) return location.assign(trail ? `${href}&jejak=${encodeURIComponent(trail)}` : href);
    this.box.value = text;
    this.box.form.requestSubmit();
  }
}
function make(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
customElements.define("search-suggest", SearchSuggest);
