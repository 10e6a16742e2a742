// Filters the names while typing, where everybody is on this page; the button asks the server.

function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLocaleLowerCase()
    .trim();
}

function sayFound(line, n) {
  const [one, many] = line.dataset.words.split("|");
  line.hidden = n === null;
  if (n !== null) line.querySelector("span").textContent = (n === 1 ? one : many).replace("#", n);
}

export function filterNames(form) {
  const field = form.querySelector("#register-q");
  if (!field || form.dataset.pages !== "1" || field.value) return;
  const found = form.querySelector("#register-found");
  const rows = [...form.querySelectorAll(".register-row")];
  field.addEventListener("input", () => {
    const words = folded(field.value).split(/\s+/);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.name.includes(word));
    sayFound(found, field.value.trim() ? rows.filter((row) => !row.hidden).length : null);
  });
  found.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault(); // everybody is here already
    field.value = "";
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
