/* <go-home to="/…" seconds="6">: a shared screen that has said its thanks goes back by itself. */
customElements.define("go-home", class extends HTMLElement {
  connectedCallback() {
    const leave = new CustomEvent("sapa:leave", { cancelable: true, detail: this.getAttribute("to") });
    this.timer = setTimeout(() => document.dispatchEvent(leave) && location.replace(leave.detail), Number(this.getAttribute("seconds")) * 1000);
  }
  disconnectedCallback() { clearTimeout(this.timer); }
});
