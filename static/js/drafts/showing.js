// The files of the draft, as the server has them.
export function showFiles(form, html) {
  const shown = form.querySelector("[data-draft-files]");
  const made = document.createElement("template");
  made.innerHTML = html;
  const now = made.content.querySelector("[data-draft-files]");
  if (shown && shown.innerHTML !== now.innerHTML) shown.replaceWith(now);
}
