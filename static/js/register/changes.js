// Says in the bar what will be saved, before it is.

function counted(words, n) {
  const [one, many] = words.split("|");
  return (n === 1 ? one : many).replace("#", n);
}

function isChanged(field) {
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const before = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(0, before);
}

function isTouched(row) {
  const fields = [...row.querySelectorAll("select, .register-remark input")];
  return Boolean(row.dataset.mark) || fields.some(isChanged);
}

export function countChanges(form) {
  const bar = document.getElementById("save-bar");
  const line = document.getElementById("save-words");
  const unchanged = line?.textContent ?? "";
  let isDirty = false;

  function update() {
    const rows = [...form.querySelectorAll(".register-row")];
    isDirty = rows.some(isTouched);
    let touched = 0;
    let statuses = 0;
    let completed = 0;
    let marks = 0;
    for (const row of rows) {
      const now = isTouched(row) || Boolean(row.dataset.typed);
      row.classList.toggle("is-touched", now);
      const status = row.querySelector('select[name^="status-"]');
      status.classList.toggle("is-chosen", Boolean(status.value));
      touched += now;
      statuses += Boolean(status.value);
      completed += status.value === "completed";
      marks += Boolean(row.dataset.mark);
    }
    if (!line) return;
    const said = [
      marks && counted(bar.dataset.marks, marks),
      statuses && counted(bar.dataset.statuses, statuses),
      completed && counted(bar.dataset.completed, completed),
      touched && !marks && !statuses && counted(bar.dataset.rows, touched),
    ].filter(Boolean);
    line.textContent = said.length ? said.join(" ") : unchanged;
    line.classList.toggle("has-changes", said.length > 0);
  }

  return { update, isDirty: () => isDirty };
}
