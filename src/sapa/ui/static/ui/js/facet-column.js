/* <facet-column>: ways to narrow a search, unfolded beside the results where there is room; below it one at a time. */
customElements.define("facet-column", class extends HTMLElement {
  connectedCallback() {
    this.wide = matchMedia("(min-width: 64rem)");
    this.fit = () => {
      for (const part of this.querySelectorAll("details")) {
        if (this.wide.matches) part.removeAttribute("name"); // of those with one name only one stays open
        part.open = this.wide.matches;
        if (!this.wide.matches) part.setAttribute("name", "facet");
      }
    };
    this.fit();
    this.wide.addEventListener("change", this.fit);
  }
  disconnectedCallback() { this.wide.removeEventListener("change", this.fit); }
});
