/* <number-stepper>: – and + beside a number. */
customElements.define("number-stepper", class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    for (const button of this.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const next = (Number(input.value) || 0) + Number(button.dataset.step);
        input.value = Math.max(input.min === "" ? -Infinity : input.min, Math.min(input.max === "" ? Infinity : input.max, next));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
});
