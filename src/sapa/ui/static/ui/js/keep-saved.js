/* <p id="kept" data-unsaved="Not kept yet …">: where a form that keeps itself (hx-post, hx-target="#kept") says so.
   What could not be kept is said there, in the server's words when it refused, and tried again when the line was down. */
const AGAIN = 5_000;
const place = (event) => event.detail.target?.dataset.unsaved && event.detail.target;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (place(event) && [409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
});
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const said = place(event), form = event.detail.elt;
    if (!said || [409, 422].includes(event.detail.xhr.status)) return;
    said.textContent = said.dataset.unsaved;
    setTimeout(() => form.isConnected && form.dispatchEvent(new Event("sapa:keep")), AGAIN);
  });
}
