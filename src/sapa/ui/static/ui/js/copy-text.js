/* <copy-text data-done="Copied">: a button that copies the text of .copy-value. */
customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button"), label = button.querySelector("span"), words = label.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const value = this.querySelector(".copy-value");
      try {
        await navigator.clipboard.writeText(value.innerText.trim());
      } catch {
        // Without HTTPS there is no clipboard; selecting still lets the reader copy with one key.
        getSelection().selectAllChildren(value);
        document.execCommand("copy");
      }
      label.textContent = this.dataset.done;
      setTimeout(() => { label.textContent = words; }, 2000);
    });
  }
});
