// A sample is assessed without this. With it: one part of the work is shown at a time, and what was
// typed is kept on this device until the server has it.
import { showOneAtATime } from "./reviewing/parts.js";
import { Typed } from "./reviewing/typed.js";

const form = document.getElementById("judging");
const viewer = form ?? document.querySelector(".review");

if (viewer) showOneAtATime(viewer);

if (form) {
  const typed = new Typed(form);
  const kept = "unkept" in form.dataset ? null : form.elements.feedback.value;
  if (typed.takeBack()) {
    const status = form.querySelector("[data-restored]");
    status.textContent = status.dataset.restored;
  }
  form.addEventListener("input", () => typed.put(kept));
  form.addEventListener("submit", () => typed.put(null));
  form.querySelector("#judging-error")?.focus();
}
