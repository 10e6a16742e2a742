// A select with data-submit sends its form when it changes; the button stays for who has no script.

export function submitOnChange(root) {
  root.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
  });
}
