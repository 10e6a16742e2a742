// The administration's tables: on a phone each row is a card whose cells say their column's name;
// a table that is wider than its box says so. Filters begin closed where they stand above a list.
const hint = document.currentScript.dataset.hint;
const narrow = window.matchMedia("(max-width: 1024px)");

function nameCells(table) {
  const names = [...table.querySelectorAll("thead th")].map((head) =>
    (head.querySelector(".text") ?? head).textContent.trim(),
  );
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    [...row.cells].forEach((cell, index) => {
      cell.dataset.label = names[index] ?? "";
      cell.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((field) => {
        if (names[index] && !field.labels?.length) field.setAttribute("aria-label", names[index]);
      });
    });
  }
  table.classList.add("is-named");
}

function sayWhenWider(box) {
  const words = document.createElement("p");
  words.className = "scroll-hint";
  words.textContent = hint;
  box.before(words);
  const look = () => {
    words.hidden = box.scrollWidth <= box.clientWidth;
  };
  const observer = new ResizeObserver(look);
  [box, ...box.children].forEach((part) => observer.observe(part));
  look();
}

document.querySelectorAll("#result_list, .tabular table, .findings table").forEach(nameCells);
document.querySelectorAll(".results, .inline-group .tabular").forEach(sayWhenWider);
if (narrow.matches) {
  // How they stand here says nothing of a wide screen, so that Django does not get to remember it.
  const keep = (event) => {
    if (event.target.closest?.("#changelist-filter")) event.stopPropagation();
  };
  document.addEventListener("toggle", keep, { capture: true });
  document.querySelectorAll("#changelist-filter details").forEach((filter) => {
    filter.open = filter.querySelector("li.selected:not(:first-child)") !== null;
  });
}

// What Django and its widgets make as the page loads comes without a name.
function nameFields() {
  document.querySelectorAll(".tabular thead th:empty").forEach((head) => {
    const cell = document.createElement("td");
    cell.className = head.className;
    head.replaceWith(cell);
  });
  document.querySelectorAll("select.admin-autocomplete").forEach((field) => {
    const name = field.labels?.[0]?.textContent.replace(":", "").trim() || field.ariaLabel;
    const widget = field.parentElement.querySelector(".select2-container");
    const parts = widget?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]");
    if (name) parts?.forEach((part) => part.setAttribute("aria-label", name));
    widget?.querySelectorAll("ul.select2-selection__rendered").forEach((list) => {
      list.setAttribute("role", "group");
      [...list.children].forEach((item) => item.setAttribute("role", "presentation"));
    });
  });
  document.querySelectorAll("p.datetime input").forEach((field) => {
    const name = field.closest(".form-row, td")?.querySelector("legend, label, .fieldset-label");
    const said = name?.textContent.replace(":", "").trim() ?? field.closest("td")?.dataset.label;
    if (said && !field.labels?.length && !field.ariaLabel) field.setAttribute("aria-label", said);
  });
  document.querySelectorAll(".help-tooltip[aria-label]").forEach((sign) => {
    sign.setAttribute("role", "img");
  });
}

// After Django's own, which wait for the page in the one way or the other.
window.django?.jQuery?.(() => nameFields());
addEventListener("load", nameFields);
