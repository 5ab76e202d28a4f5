/* <figure-cells>: one stop of the tab key for the whole table, arrows go from number to number; the newest is in sight. */
customElements.define("figure-cells", class extends HTMLElement {
  connectedCallback() {
    const wrap = this.querySelector(".figures"), table = this.querySelector("table");
    wrap.scrollLeft = wrap.scrollWidth;
    const cells = table.querySelectorAll("td button");
    for (const cell of cells) cell.tabIndex = -1;
    let here = table.querySelector("[aria-current]") || cells[0];
    if (!here) return;
    here.tabIndex = 0;
    const go = (cell) => { here.tabIndex = -1; here = cell; here.tabIndex = 0; };
    table.addEventListener("focusin", (event) => { if (event.target.matches("td button")) go(event.target); });
    table.addEventListener("click", (event) => {
      const cell = event.target.closest("td button");
      if (!cell) return;
      table.querySelector("[aria-current]")?.removeAttribute("aria-current");
      cell.setAttribute("aria-current", "true");
    });
    table.addEventListener("keydown", (event) => {
      const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] || [];
      if (down === undefined || !event.target.matches("td button")) return;
      event.preventDefault();
      let row = here.closest("tr").rowIndex, place = here.closest("td").cellIndex, found;
      while (!found && table.rows[row += down]?.cells[place += right]) found = table.rows[row].cells[place].querySelector("button");
      found?.focus();
    });
  }
});
