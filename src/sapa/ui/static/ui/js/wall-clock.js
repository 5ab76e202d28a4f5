/* <wall-clock zone="Asia/Jakarta" lang="id" now="…">: the time and the day at the office, from the server's clock. */
customElements.define("wall-clock", class extends HTMLElement {
  connectedCallback() {
    const locale = this.lang === "en" ? "en-GB" : "id-ID", timeZone = this.getAttribute("zone") || undefined;
    const skew = (Date.parse(this.getAttribute("now")) || Date.now()) - Date.now();
    const time = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit" });
    const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: "long", day: "numeric", month: "long", year: "numeric" });
    const small = document.createElement("small"), big = document.createElement("time");
    this.replaceChildren(small, " ", big);
    const tick = () => {
      const now = new Date(Date.now() + skew);
      [small.textContent, big.textContent] = [day.format(now), time.format(now)];
    };
    tick();
    this.timer = setInterval(tick, 1000);
  }
  disconnectedCallback() { clearInterval(this.timer); }
});
