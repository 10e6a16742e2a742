// Minutes late, minutes early and excuses: they follow the meetings that are chosen until somebody
// touches them, and say by themselves whether somebody was there.

const NOTHING = { late: "", early: "", excused: false, excuse: "" };
const fieldsOf = (row) => [...row.querySelectorAll(".register-details input")];
const nameOf = (field) => (field.name === "excused" ? "excused" : field.name.split("-")[0]);

// "12:p7,10,5 13:a9,x,ill%20today" → { 12: { late: "10", … }, 13: { excused: true, … } }
function detailsOf(row) {
  const words = row.querySelector('input[name^="base-"]').value.split(" ");
  const found = {};
  for (const word of words.filter((one) => one.includes(":"))) {
    const [meeting, mark] = word.split(":");
    const [, first = "", second = ""] = mark.split(",");
    const isExcused = first === "x";
    found[meeting] = {
      late: isExcused || first === "0" ? "" : first,
      early: isExcused || second === "0" ? "" : second,
      excused: isExcused,
      excuse: isExcused ? decodeURIComponent(second) : "",
    };
  }
  return found;
}

function inCommon(row, meetings) {
  const details = detailsOf(row);
  const values = meetings.map((meeting) => details[meeting] ?? NOTHING);
  const shared = { ...NOTHING };
  for (const name of Object.keys(NOTHING)) {
    const found = new Set(values.map((value) => value[name]));
    if (found.size === 1) [shared[name]] = found;
  }
  return shared;
}

export function isChangedDetail(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

// Shows what is recorded of the meetings that are chosen, where nobody typed something else.
export function showDetails(row, meetings) {
  const shared = inCommon(row, meetings);
  for (const field of fieldsOf(row)) {
    if (isChangedDetail(field)) continue;
    const value = shared[nameOf(field)];
    if (field.type === "checkbox") field.checked = field.defaultChecked = value;
    else field.value = field.defaultValue = value;
  }
}

// Minutes are of who was there, an excuse is of who was not; what was typed of the other goes.
export function forget(row, names) {
  for (const field of fieldsOf(row)) {
    if (!names.includes(nameOf(field)) || !isChangedDetail(field)) continue;
    if (field.type === "checkbox") field.checked = field.defaultChecked;
    else field.value = field.defaultValue;
  }
}

export function impliedBy(field) {
  const name = nameOf(field);
  if (name === "excused") return field.checked ? "absent" : "";
  if (!field.value.trim() || field.value.trim() === "0") return "";
  return name === "excuse" ? "absent" : "present";
}
