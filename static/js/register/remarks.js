// A remark that is opened is there to be typed: the field has the focus at once.

export function focusRemarks(form) {
  const onToggle = ({ target }) => {
    if (target.open) target.querySelector("input").focus();
  };
  form.addEventListener("toggle", onToggle, true); // it does not bubble
}
