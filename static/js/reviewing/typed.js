// What was typed of a review and the server does not have: kept on this device, for its author alone,
// and there again on the next page of the same work.
import { Device } from "../drafts/device.js";

const FIELDS = "[name=feedback], [name^=remark-], [name^=place-], [name=verdict]:checked";
const bare = (text) => text.replace(/\s+/gu, "");

export class Typed {
  constructor(form) {
    this.form = form;
    this.device = new Device(form.dataset.person, form.dataset.work);
  }

  get fields() {
    return [...this.form.querySelectorAll(FIELDS)];
  }

  // Whether it is kept: feedback until the server has it, remarks until they are added.
  put(kept) {
    const { window: name, number, revision } = this.form.elements;
    const open = this.fields.filter(
      (field) => field.value.trim() && !(field.name === "feedback" && field.value === kept),
    );
    const fields = Object.fromEntries(open.map((field) => [field.name, field.value]));
    const now = Date.now();
    const of = { window: name.value, number: number.value, revision: revision.value };
    const entry = { ...of, turn: now, at: now, fields };
    if (open.length) return this.device.put(entry);
    this.device.drop(entry);
    return true;
  }

  // Puts what the newest window left behind back into the fields, and returns whether it was any.
  // What stands on the page by now, given or kept, needs that no more.
  takeBack() {
    const missing = (entry) =>
      Object.keys(entry.fields).some((name) => !name.startsWith("place-") && !this.has(entry, name));
    for (const entry of this.device.left().reverse()) {
      if (!missing(entry)) this.device.drop(entry);
      else if (this.fields.length) return this.fill(entry);
    }
    return false;
  }

  has({ fields }, name) {
    const shown = [...this.form.querySelectorAll(".said-words, .remark-words")];
    const texts = [this.form.elements[name]?.value ?? "", ...shown.map((one) => one.textContent)];
    return texts.some((text) => bare(text) === bare(fields[name]));
  }

  // From where that window began, so that the server sees whether another one went on since.
  fill(entry) {
    const { elements } = this.form;
    for (const [name, value] of Object.entries(entry.fields)) {
      const field = elements[name];
      if (!field || this.has(entry, name.replace("place-", "remark-"))) continue;
      field.value = value;
      field.closest?.("details")?.setAttribute("open", "");
    }
    elements.revision.value = entry.number === elements.number.value ? entry.revision : "";
    this.device.drop(entry);
    return true;
  }
}
