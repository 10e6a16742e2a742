// Arrows move from row to row and cell to cell, space ticks, the first letter chooses a status; End
// goes to the button that saves, Home to the first participant.
// A dropdown keeps its own arrows up and down while it is open; with Alt they move as well.

const CELLS = ["present", "status", "effort", "remark"];

function cellOf(field) {
  if (field.name === "present") return "present";
  if (field.closest(".register-remark")) return "remark";
  return field.name?.split("-")[0];
}

function focusCell(row, cell) {
  const found = {
    present: 'input[name="present"]',
    status: 'select[name^="status-"]',
    effort: 'select[name^="effort-"]',
    remark: ".register-remark summary",
  };
  row.querySelector(found[cell])?.focus();
}

function nextRow(row, step) {
  let next = row;
  do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next?.hidden);
  return next;
}

function move(event, row, cell) {
  const isSelect = event.target.tagName === "SELECT";
  const isText = event.target.matches(".register-remark input");
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") {
    if (isSelect && !event.altKey) return false;
    const next = nextRow(row, key === "ArrowDown" ? 1 : -1);
    if (next) focusCell(next, cell);
    return true;
  }
  if ((key === "ArrowRight" || key === "ArrowLeft") && !isText) {
    const at = CELLS.indexOf(cell) + (key === "ArrowRight" ? 1 : -1);
    if (CELLS[at]) focusCell(row, CELLS[at]);
    return true;
  }
  return false;
}

// From the last of a hundred rows, or from the first, the buttons below are one key away.
function jump(event, form) {
  if (!event.target.matches('input[name="present"], summary')) return false;
  if (event.key === "End") form.querySelector(".save-bar-buttons button")?.focus();
  else if (event.key === "Home") focusCell(form.querySelector(".register-row:not([hidden])"), "present");
  else return false;
  return true;
}

// On the tick a letter chooses the status that begins with it; again, the next one.
function chooseByLetter(event, row) {
  if (event.target.name !== "present" || event.key.length !== 1) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === " ") return false;
  const select = row.querySelector('select[name^="status-"]');
  if (select.disabled) return false;
  const letter = event.key.toLocaleLowerCase();
  const options = [...select.options].filter((option) => !option.disabled);
  const fitting = options.filter((option) => option.text.toLocaleLowerCase().startsWith(letter));
  if (!fitting.length) return false;
  const after = fitting.findIndex((option) => option.selected) + 1;
  select.value = fitting[after % fitting.length].value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

export function useKeys(form) {
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest(".register-row");
    if (!row) return;
    const cell = cellOf(event.target);
    if (CELLS.includes(cell) && (move(event, row, cell) || jump(event, form) || chooseByLetter(event, row))) {
      event.preventDefault();
    } else if (event.key === "Enter" && event.target.tagName !== "SUMMARY") {
      event.preventDefault(); // Enter in a row would filter or save by surprise
    }
  });
}
