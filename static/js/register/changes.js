// Says in the bar what will be saved, before it is.
import { isChangedDetail } from "./details.js";
import { isMarked } from "./marks.js";

function counted(words, n) {
  const [one, many] = words.split("|");
  return (n === 1 ? one : many).replace("# ×", "#\u00a0×").replace("#", n);
}

function isChanged(field) {
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const before = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(0, before);
}

// Whether something would be lost: what the server kept from before a question would not.
function isDirtyRow(row) {
  const fields = [...row.querySelectorAll("select, .register-remark input")];
  const details = [...row.querySelectorAll(".register-details input")];
  const isMarkChanged = (row.dataset.mark ?? "") !== (row.dataset.kept ?? "");
  return isMarkChanged || fields.some(isChanged) || details.some(isChangedDetail);
}

function count(rows) {
  const found = { marks: 0, statuses: 0, completed: 0, rows: 0 };
  for (const row of rows) {
    const status = row.querySelector('select[name^="status-"]');
    const isTouched = isMarked(row) || "noted" in row.dataset || isDirtyRow(row);
    row.classList.toggle("is-touched", isTouched);
    status.classList.toggle("is-chosen", Boolean(status.value));
    found.rows += isTouched;
    found.statuses += Boolean(status.value);
    found.completed += status.value === "completed";
    found.marks += isMarked(row);
  }
  return found;
}

export function countChanges(form) {
  const bar = document.getElementById("save-bar");
  const line = document.getElementById("save-words");
  const unchanged = line?.textContent ?? "";
  let isDirty = false;

  function update() {
    const rows = [...form.querySelectorAll(".register-row")];
    const { marks, statuses, completed, rows: touched } = count(rows);
    isDirty = rows.some(isDirtyRow);
    if (!line) return;
    const said = [
      marks && counted(bar.dataset.marks, marks),
      statuses && counted(bar.dataset.statuses, statuses),
      completed && counted(bar.dataset.completed, completed),
      touched && !marks && !statuses && counted(bar.dataset.rows, touched),
    ].filter(Boolean);
    line.textContent = said.length ? [...said, bar.dataset.elsewhere].join(" ") : unchanged;
    line.classList.toggle("has-changes", said.length > 0);
  }

  return { update, isDirty: () => isDirty };
}
