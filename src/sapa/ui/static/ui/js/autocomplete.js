/* <auto-complete src="/…">: fills the list of suggestions of the input inside; the server answers {"results": ["…"]}. */
customElements.define("auto-complete", class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input"), list = this.querySelector("datalist");
    let timer, asking;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      asking?.abort();
      if (input.value.trim().length < 2) return list.replaceChildren();
      timer = setTimeout(async () => {
        asking = new AbortController();
        const url = new URL(this.getAttribute("src"), location.href);
        url.searchParams.set("q", input.value.trim());
        try {
          const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } });
          if (!answer.ok) return;
          const { results } = await answer.json();
          list.replaceChildren(...results.slice(0, 10).map((text) => new Option(text, text)));
        } catch { /* suggestions are a courtesy: typing goes on without them */ }
      }, 200);
    });
  }
});
