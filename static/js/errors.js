// A page with errors begins at their summary, which links to each field.

export function focusErrorSummary(root) {
  root.getElementById("error-summary")?.focus();
}
