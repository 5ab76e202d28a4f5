/* <file-picker data-limit data-total data-most data-many data-large data-heavy>: says before anything is sent that files are
   too many or too large, and which are chosen. The server checks again, and the content, too. */
customElements.define("file-picker", class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]"), chosen = this.querySelector("[data-chosen]"), error = this.querySelector("[role=alert]");
    const { limit, total, most, many, large, heavy } = this.dataset;
    const look = () => {
      const files = [...input.files], big = files.find((file) => file.size > limit);
      const wrong = files.length > most ? many : big ? large.replace("{name}", big.name)
        : files.reduce((sum, file) => sum + file.size, 0) > total ? heavy : "";
      input.setCustomValidity(wrong);
      input.toggleAttribute("aria-invalid", !!wrong);
      error.hidden = !wrong;
      error.lastElementChild.textContent = wrong;
      chosen.textContent = files.length > 1 ? files.map((file) => file.name).join(", ") : "";
    };
    input.addEventListener("change", look);
    input.form?.addEventListener("reset", () => setTimeout(look));
    look();
  }
});
