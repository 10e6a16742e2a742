// Choices of files: each file is sent in pieces as soon as it is chosen, and goes on after whatever
// cuts it off. Without this the same field sends its files with the form.
import { Field } from "./upload/field.js";

const made = new WeakSet();

function makeAll(root) {
  for (const element of root.querySelectorAll("[data-upload]")) {
    if (made.has(element) || element.closest(".empty-form")) continue;
    new Field(element);
    made.add(element);
  }
}

// A table of Django's administration makes each new row of one that is empty.
document.addEventListener("formset:added", (event) => makeAll(event.target));
makeAll(document);
document.addEventListener("htmx:load", (event) => makeAll(event.target));
