// Filters the names while typing, where everybody is on this page; the button asks the server.

function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLocaleLowerCase()
    .trim();
}

export function filterNames(form) {
  const field = form.querySelector("#register-q");
  if (!field || form.dataset.pages !== "1" || field.value) return;
  field.addEventListener("input", () => {
    const words = folded(field.value).split(/\s+/);
    for (const row of form.querySelectorAll(".register-row")) {
      row.hidden = !words.every((word) => row.dataset.name.includes(word));
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
