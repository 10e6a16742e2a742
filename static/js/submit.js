// A second click on a button that is already sending does nothing; coming back makes it work again.

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.target === "_blank") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
}

function forget() {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
}

export function guardDoubleSubmit(root) {
  root.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", forget);
  root.addEventListener("htmx:afterRequest", forget);
}
