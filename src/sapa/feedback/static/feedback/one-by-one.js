/* <one-by-one data-progress="Question {step} of {total}">: one [data-step] of a form at a time.
   A touched answer goes on by itself; with the keyboard, where arrows choose while reading, only the button does. */
customElements.define("one-by-one", class extends HTMLElement {
  connectedCallback() {
    const steps = [...this.querySelectorAll("[data-step]")], words = this.querySelector("[data-progress-words]");
    const [back, next, send, skip] = ["back", "next", "send", "skip"].map((name) => this.querySelector(`[data-${name}]`));
    const wrong = steps.findIndex((step) => step.querySelector(".invalid"));
    let now = Math.max(wrong, 0), waiting;
    const show = (place, focus = true) => {
      clearTimeout(waiting);
      now = Math.min(Math.max(place, 0), steps.length - 1);
      steps.forEach((step, at) => { step.hidden = at !== now; });
      back.hidden = now === 0;
      next.hidden = now === steps.length - 1;
      send.hidden = !next.hidden;
      skip.hidden = next.hidden; // here it would look like "no comment" and throw nine answers away
      words.hidden = !steps[now].querySelector("fieldset");
      words.textContent = this.dataset.progress.replace("{step}", now + 1).replace("{total}", this.querySelectorAll("[data-step] fieldset").length);
      // Not into the comment: the screen keyboard would cover what comes next.
      if (focus) (steps[now].querySelector("input:checked, input") ?? send).focus({ preventScroll: true });
      scrollTo(0, 0);
    };
    back.addEventListener("click", () => show(now - 1));
    next.addEventListener("click", () => show(now + 1));
    this.addEventListener("click", (event) => {
      // A real touch reaches the label first (detail 1); the click it passes on to the radio has detail 0, as arrows have.
      const step = event.target.closest("label.option")?.closest("[data-step]");
      if (step && event.detail > 0) { clearTimeout(waiting); waiting = setTimeout(() => show(now + 1), 350); }
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.matches("textarea, button, a") || now === steps.length - 1) return;
      event.preventDefault();
      show(now + 1);
    });
    show(now, false);
  }
});
