// Feedback keeps itself: on this device at each letter, at the server a moment after typing, and what
// did not arrive is tried again. Where another window went on with another text, nothing is kept until
// its writer chose which it shall be.
import { Saying } from "./saying.js";
import { send as sendTo } from "./sending.js";
import { Typed } from "./typed.js";

const AFTER = 1_500; // milliseconds of rest
const AGAIN = 5_000;
const SENT = ["number", "revision", "window", "feedback"];

function toSend(form) {
  const body = new FormData();
  for (const name of SENT) body.set(name, form.elements[name].value);
  return body;
}

// The text of another window, beside the field: shown until one of both was chosen.
class OtherWindow {
  constructor(form) {
    this.form = form;
    this.box = form.querySelector("#other-window");
    this.text = form.querySelector("#other-window-text");
  }

  get isShown() {
    return !this.box.hidden;
  }

  show({ said, text, revision }) {
    this.box.querySelector("#other-window-said").textContent = said;
    this.text.textContent = text;
    this.form.elements.shown.value = revision;
    this.box.hidden = false;
  }

  close() {
    this.form.elements.revision.value = this.form.elements.shown.value;
    this.form.elements.shown.value = "";
    this.box.hidden = true;
  }
}

// What is sent and what the server has. `kept` is the text that it has of this window.
class Keeping {
  constructor(form, field) {
    const other = new OtherWindow(form);
    Object.assign(this, { form, field, other, timer: 0, isRunning: false, isSent: false });
    this.kept = other.isShown ? null : field.value;
    this.saying = new Saying(form);
    this.typed = new Typed(form);
    this.isOnDevice = true;
    this.last = "there";
  }

  begin() {
    if (this.typed.takeBack()) {
      this.saying.write(this.saying.of("restored"));
      this.changed();
    }
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("focus", () => this.last !== "there" && this.send());
    window.addEventListener("pageshow", () => (this.isSent = false));
    window.addEventListener("beforeunload", (event) => {
      const isAtRisk = this.other.isShown || !this.isOnDevice;
      if (!this.isSent && isAtRisk && this.field.value !== this.kept) event.preventDefault();
    });
    window.addEventListener("pagehide", () => {
      if (!this.isSent) this.send({ isLast: true });
    });
  }

  changed() {
    this.isOnDevice = this.typed.put(this.kept);
    this.later();
  }

  later(after = AFTER) {
    this.isSent = false;
    this.stop();
    this.timer = window.setTimeout(() => this.send(), after);
  }

  stop() {
    window.clearTimeout(this.timer);
  }

  async send({ isLast = false } = {}) {
    const text = this.field.value;
    if (text === this.kept || this.other.isShown) return;
    if (this.isRunning && !isLast) {
      this.later();
      return;
    }
    if (!isLast && this.last === "there") this.saying.write(this.saying.of("keeping"));
    this.isRunning = true;
    const address = this.form.dataset.keep;
    const told = await sendTo(this.form, address, toSend(this.form), { isLast });
    this.isRunning = false;
    await this.take(told, text);
  }

  async take({ is, response }, text) {
    this.last = is;
    if (is === "refused") {
      this.saying.write(await response.text());
    } else if (is === "beside") {
      this.saying.write("");
      this.other.show(await response.json());
    } else if (is === "there") {
      const { at, revision } = await response.json();
      this.kept = text;
      this.form.elements.revision.value = revision;
      this.typed.put(this.kept);
      this.saying.keptAt(at);
    } else {
      this.isOnDevice = this.typed.put(this.kept);
      this.saying.waits(is, this.isOnDevice);
      this.later(AGAIN);
    }
  }

  choose(which) {
    if (which === "that") this.field.value = this.kept = this.other.text.textContent;
    this.other.close();
    this.typed.put(this.kept);
    this.field.focus();
    this.send();
  }

  submitted(event) {
    if (event.submitter?.name === "use") {
      event.preventDefault();
      this.choose(event.submitter.value);
      return;
    }
    this.isSent = true;
    this.stop();
  }
}

export function keepFeedback(form) {
  const field = form.querySelector("#feedback");
  if (!field) {
    if (form.dataset.person) new Typed(form).takeBack(); // it was given meanwhile
    return null;
  }
  const keeping = new Keeping(form, field);
  keeping.begin();
  return keeping;
}
