/* [data-print] prints the page. A page opened as …?cetak prints by itself, and goes when that is done. */
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
if (new URLSearchParams(location.search).has("cetak")) {
  addEventListener("afterprint", () => close());
  addEventListener("load", () => print());
}
