// Buttons that copy an address of this site; without JavaScript they are not there.
export function offerCopying(root) {
  if (!navigator.clipboard) return;
  const show = (within) =>
    within.querySelectorAll("button[data-copy][hidden]").forEach((button) => {
      button.hidden = false;
    });
  show(root);
  root.addEventListener("htmx:load", (event) => show(event.target));
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(new URL(button.dataset.copy, window.location.href).href);
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    words.setAttribute("role", "status");
    setTimeout(() => {
      words.textContent = before;
    }, 2500);
  });
}
