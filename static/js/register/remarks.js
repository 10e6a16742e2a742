// A remark that is opened is there to be typed: the field has the focus at once.

export function focusRemarks(form) {
  form.addEventListener("click", (event) => {
    const summary = event.target.closest(".register-remark summary");
    if (!summary) return;
    event.preventDefault(); // opened here and now, and not after the first letter
    const details = summary.parentElement;
    details.open = !details.open;
    if (details.open) details.querySelector("input").focus();
  });
}
