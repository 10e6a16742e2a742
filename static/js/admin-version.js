// The day and the month of a fixed day are shown only while a renewal is counted from one. The page
// works without it: it says when they count.
const anchor = document.querySelector("select[name=anchor]");
const days = document.querySelector(".form-row.field-fixed_day");

if (anchor && days) {
  const said = days.closest("fieldset").querySelector(".description");
  const look = () => {
    days.hidden = anchor.value !== "fixed";
    if (said) said.hidden = true;
  };
  anchor.addEventListener("change", look);
  look();
}
