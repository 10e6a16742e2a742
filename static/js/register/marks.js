// The tick of a row: what is recorded for the meetings that are chosen, until somebody touches it.

import { forget, impliedBy, showDetails } from "./details.js";

const rowsOf = (form) => [...form.querySelectorAll(".register-row")];
const tickOf = (row) => row.querySelector('input[name="present"]');

// "s=started e= r=00000000 12:p7 13:a9" → { 12: "present", 13: "absent" }
function recorded(row) {
  const words = row.querySelector('input[name^="base-"]').value.split(" ");
  const letters = { p: "present", a: "absent" };
  return Object.fromEntries(
    words
      .filter((word) => word.includes(":"))
      .map((word) => word.split(":"))
      .map(([meeting, mark]) => [meeting, letters[mark[0]]]),
  );
}

function chosen(form) {
  const every = form.querySelector('input[name="all_meetings"]')?.checked;
  const boxes = [...form.querySelectorAll('input[name="meeting"]:not(:disabled)')];
  return boxes.filter((box) => every || box.checked).map((box) => box.value);
}

function inCommon(marks, meetings) {
  const found = new Set(meetings.map((meeting) => marks[meeting] ?? ""));
  if (found.size > 1) return "mixed";
  return found.size ? [...found][0] : "";
}

function show(row, mark, words) {
  const label = row.querySelector(".tick");
  label.className = `tick tick-${mark || "none"}`;
  const isAway = "away" in row.dataset;
  row.querySelector(".tick-word").textContent = mark || !isAway ? words[mark || "none"] : "";
}

// What the page showed is what is untouched: the server compares with it.
function showRecorded(row, mark, words) {
  tickOf(row).checked = mark === "present";
  row.querySelector('input[name="ticked"]').disabled = mark !== "present";
  row.querySelector('input[name="absent"]').disabled = true;
  row.querySelector('input[name="taken_back"]').disabled = !row.dataset.kept;
  show(row, mark, words);
}

function showTouched(row, mark, words) {
  tickOf(row).checked = mark === "present";
  row.querySelector('input[name="absent"]').disabled = mark === "present";
  row.querySelector('input[name="taken_back"]').disabled = true;
  show(row, mark, words);
}

// Whether the row says something else than what is recorded: now, or on the page before a question.
export const isMarked = (row) => Boolean(row.dataset.mark) || "filled" in row.dataset;

// A click goes from what is recorded to present, to absent, and back; so nothing sticks by accident.
export function touch(row, before, words) {
  const wasAbsent = row.dataset.mark === "absent";
  const mark = tickOf(row).checked ? "present" : "absent";
  if (mark === before || (wasAbsent && before !== "present")) {
    delete row.dataset.mark;
    showRecorded(row, before, words);
    return;
  }
  row.dataset.mark = mark;
  showTouched(row, mark, words);
}

// Who is 10 minutes late is present, who is excused is absent; a tick that stands there stays.
function tickAsImplied(field, before, words) {
  const row = field.closest(".register-row");
  const mark = impliedBy(field);
  if (!mark || before === mark || row.dataset.mark || tickOf(row).disabled) return;
  if (before === "present" || before === "absent") return; // the server says what does not fit
  row.dataset.mark = mark;
  showTouched(row, mark, words);
}

export function wordsOf(form) {
  const { present, absent, mixed, none } = form.dataset;
  return { present, absent, mixed, none };
}

export function followMeetings(form, update) {
  const words = wordsOf(form);
  const seen = form.querySelector('input[name="seen"]');
  const carried = form.querySelector('input[name="carried"]');
  form.addEventListener("change", (event) => {
    if (event.target.name === "present") {
      const row = event.target.closest(".register-row");
      const isFilled = "filled" in row.dataset; // 'all present' would fill it again
      touch(row, isFilled ? "present" : inCommon(recorded(row), chosen(form)), words);
      forget(row, tickOf(row).checked ? ["excused", "excuse"] : ["late", "early"]);
    } else if (event.target.closest(".register-details")) {
      const row = event.target.closest(".register-row");
      tickAsImplied(event.target, inCommon(recorded(row), chosen(form)), words);
    } else if (["meeting", "all_meetings"].includes(event.target.name)) {
      const meetings = chosen(form);
      seen.value = meetings.join(" ");
      if (rowsOf(form).some(isMarked)) carried.disabled = false; // their own marks are not seen
      for (const row of rowsOf(form)) {
        showDetails(row, meetings);
        if (!isMarked(row)) showRecorded(row, inCommon(recorded(row), meetings), words);
      }
    }
    update();
  });
}

// Fills who is not recorded yet and never wipes a mark; with more pages the server does it.
export function toggleAllPresent(form, update) {
  const button = form.querySelector("#all-present");
  if (!button || button.dataset.pages !== "1") return;
  const words = wordsOf(form);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const meetings = chosen(form);
    for (const row of rowsOf(form)) {
      const marks = recorded(row);
      const isFree = !isMarked(row) && !("away" in row.dataset);
      if (!isFree || row.hidden || meetings.some((meeting) => marks[meeting])) continue;
      tickOf(row).checked = true;
      touch(row, "", words);
    }
    update();
  });
}
