// The row of one file: what it is, how far it is, and what can be done.
import { partOf, sizeOf, timeOf } from "./words.js";

const EVERY = 0.25; // of the file, at which a screen reader hears how far it is
const ACTS = {
  sending: ["pause", "take-away"],
  begun: ["pause", "take-away"],
  away: ["pause", "take-away"],
  elsewhere: ["take-away"],
  paused: ["go-on", "take-away"],
  failed: ["go-on", "take-away"],
  "signed-out": ["sign-in", "take-away"],
};

export class Row {
  constructor(template, { words, name, size, links, onAct }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    Object.assign(this, { words, name, size, spoken: -1 });
    this.part(".upload-name").textContent = name;
    this.part(".upload-facts").textContent = sizeOf(size);
    this.part(".upload-bar").setAttribute("aria-label", name);
    for (const [act, href] of Object.entries(links)) this.part(`[data-act=${act}]`).href = href;
    for (const button of this.element.querySelectorAll("[data-act]")) {
      const more = document.createElement("span");
      more.className = "visually-hidden";
      more.textContent = ` ${name}`;
      button.append(more);
      if (button.type === "button") button.addEventListener("click", () => onAct(button.dataset.act));
    }
    this.offer([]);
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  // Shows a state; `there` is what the server has, `sent` what left this device.
  show(state, { there = 0, sent, left, word, words, acts = [] } = {}) {
    this.offer([...(ACTS[state] ?? ["take-away"]), ...acts]);
    this.element.dataset.state = state;
    const bar = this.part(".upload-bar");
    bar.hidden = ["refused", "failed"].includes(state);
    bar.value = this.size ? Math.round(((sent ?? there) / this.size) * 100) : 0;
    if (state === "sending" || state === "begun") this.tell(sent ?? there, left);
    else {
      this.spoken = -1;
      const said = partOf(there, this.size);
      this.part(".upload-state").textContent = words || this.words.of(word ?? state, said);
    }
  }

  tell(sent, left) {
    const said = partOf(sent, this.size);
    const words = this.words.of(left ? "left" : "there", { ...said, time: left && timeOf(left) });
    const quarter = Math.floor(sent / this.size / EVERY);
    const state = this.part(".upload-state");
    state.setAttribute("aria-live", quarter === this.spoken ? "off" : "polite");
    this.spoken = quarter;
    state.textContent = words;
  }

  // The row as the server made it of what it read back.
  become(html, button) {
    const made = document.createElement("template");
    made.innerHTML = html;
    this.element.replaceChildren(made.content);
    this.element.dataset.state = "stored";
    this.element.querySelector(".upload-words").append(button);
  }

  offer(acts) {
    for (const button of this.element.querySelectorAll("[data-act]")) {
      button.hidden = !acts.includes(button.dataset.act);
    }
  }
}
