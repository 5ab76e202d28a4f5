/* A shared screen never drops into the browser's own error page: before a form is sent, or the page goes back to the
   start, it asks whether the server is there. If not, it says so ([data-line-down]), stays, and tries again. */
export const isUp = () => fetch(location.pathname, { method: "HEAD", cache: "no-store" }).then(() => true, () => false);

const tell = (down) => { for (const one of document.querySelectorAll("[data-line-down]")) one.hidden = !down; };

export async function whenUp(act) {
  const up = await isUp();
  tell(!up);
  if (up) act();
  else setTimeout(whenUp, 5_000, act);
}

document.addEventListener("submit", async (event) => {
  const form = event.target, { submitter } = event;
  if (form.method !== "post" || form.dataset.lineUp) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await isUp()) {
    form.dataset.lineUp = "1";
    form.requestSubmit(submitter);
    delete form.dataset.lineUp;
  } else {
    tell(true);
    whenUp(() => tell(false));
  }
}, true);
