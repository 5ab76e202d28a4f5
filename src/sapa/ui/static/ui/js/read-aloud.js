/* <read-aloud text lang>: reads a text when the machine has a voice of that language of its own; else stays hidden.
   Voices of a distant service are not used: what stands on a screen here is nobody else's business. */
customElements.define("read-aloud", class extends HTMLElement {
  connectedCallback() {
    if (!("speechSynthesis" in window)) return;
    const button = this.querySelector("button"), label = button.querySelector("span"), words = label.textContent;
    const find = () => speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(this.lang || "id"));
    const look = () => { this.hidden = !find(); };
    const rest = () => { label.textContent = words; };
    look();
    speechSynthesis.addEventListener("voiceschanged", look);
    addEventListener("pagehide", () => speechSynthesis.cancel());
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) return speechSynthesis.cancel();
      const speech = Object.assign(new SpeechSynthesisUtterance(this.getAttribute("text")), { voice: find(), lang: this.lang, rate: 0.9, onend: rest, onerror: rest });
      label.textContent = this.dataset.stop;
      speechSynthesis.speak(speech);
    });
  }
});
