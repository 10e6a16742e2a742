// Asks before leaving a page with something that is not saved; a button of the form saves or keeps.

export function warnBeforeLeaving(form, changes) {
  let isSending = false;
  form.addEventListener("submit", () => {
    isSending = true;
  });
  window.addEventListener("pageshow", () => {
    isSending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSending && changes.isDirty()) event.preventDefault();
  });
}
