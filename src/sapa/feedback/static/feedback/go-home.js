/* <go-home to="/…" seconds="6">: a shared screen that has said its thanks goes back by itself. */
customElements.define("go-home", class extends HTMLElement {
  connectedCallback() {
    this.timer = setTimeout(() => location.replace(this.getAttribute("to")), Number(this.getAttribute("seconds")) * 1000);
  }
  disconnectedCallback() { clearTimeout(this.timer); }
});
