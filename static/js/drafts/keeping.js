// Keeps a text: on this device at each letter, at the server once typing stops. One request at a
// time; each says from which revision its window began, and how often it was typed in since.
import { Device } from "./device.js";
import { sendLeft } from "./left.js";
import { Saying } from "./saying.js";
import { REFUSED, Server } from "./server.js";

const STOPPED = 1_500; // milliseconds without a letter
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
const ARRIVED = new Set(["there", "beside"]);

function aWindow() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Keeping {
  constructor(form, area) {
    Object.assign(this, { form, area, window: aWindow(), turn: 0, wait: FIRST_WAIT });
    this.revision = Number(form.elements.revision.value);
    this.device = new Device(form.dataset.person, form.dataset.work);
    this.server = new Server(form);
    this.saying = new Saying(form);
    this.sent = { text: area.defaultValue, turn: 0 }; // what the server has of this window
    this.refused = null; // the text of this window that it did not take
    this.refusedLeft = new Set(); // windows of before whose text the server does not take
    this.isOnDevice = true;
    this.isReleased = false; // the form is on its way
    this.last = { is: "there" };
    this.running = null;
    this.timer = null;
  }

  get isDirty() {
    return this.area.value !== this.sent.text;
  }

  get hasArrived() {
    return ARRIVED.has(this.last.is);
  }

  get isRefused() {
    return REFUSED.has(this.last.is);
  }

  // Sent once more as it is, it would be refused once more.
  get waitsForChange() {
    return this.isRefused && this.area.value === this.refused;
  }

  get entry() {
    const { window: name, turn, revision } = this;
    return { window: name, turn, revision, text: this.area.value, at: Date.now() };
  }

  begin() {
    this.area.addEventListener("input", () => this.typed());
    window.addEventListener("online", () => this.goOn());
    window.addEventListener("focus", () => this.seen());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.seen();
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isOnDevice && !this.isReleased) event.preventDefault();
    });
    this.nameWindow();
    this.busyWith(sendLeft(this));
    if ("unkept" in this.form.dataset) this.typed(); // it came back with something to mend
  }

  // The form says the same of its window as what is sent by itself.
  nameWindow() {
    const { elements } = this.form;
    elements.window.value = this.window;
    elements.turn.value = this.turn;
    elements.revision.value = this.revision;
  }

  typed() {
    this.turn += 1;
    this.isReleased = false;
    this.isOnDevice = this.device.put(this.entry);
    this.nameWindow();
    if (this.hasArrived || this.isRefused) this.later(STOPPED);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.goOn(), milliseconds);
  }

  goOn() {
    clearTimeout(this.timer);
    if (this.running || this.waitsForChange || (this.hasArrived && !this.isDirty)) return;
    this.busyWith(this.send());
  }

  busyWith(promise) {
    this.running = promise.finally(() => {
      this.running = null;
      if (!this.hasArrived && !this.isRefused) this.later(this.wait);
      else if (this.hasArrived && this.isDirty) this.later(STOPPED);
    });
  }

  // All that is typed is sent; returns how it stands then.
  async settle() {
    while (this.running) await this.running;
    this.goOn();
    while (this.running) await this.running;
    return this.last;
  }

  async send() {
    if (!this.hasArrived) await sendLeft(this);
    if (!this.isDirty) return;
    const entry = this.entry;
    this.saying.busy();
    this.take(entry, await this.server.keep(entry));
  }

  // What became of a text of this window.
  take(entry, told) {
    if (told.is !== "there") {
      if (REFUSED.has(told.is)) this.refused = entry.text;
      this.says(told);
      return;
    }
    if (entry.turn < this.sent.turn) return;
    this.sent = entry;
    this.device.drop(entry);
    if (told.is_ahead) this.revision = told.revision;
    this.nameWindow();
    this.says({ ...told, is: told.is_ahead ? "there" : "beside" });
  }

  says(told) {
    this.wait = ARRIVED.has(told.is) ? FIRST_WAIT : Math.min(2 * this.wait, LONGEST_WAIT);
    this.last = told;
    this.saying.say(told, this.isOnDevice);
  }

  // The page goes, or may go: once more at once, also while another is under way. What arrives late
  // is passed over there.
  leave() {
    if (!this.isDirty || this.isReleased || this.waitsForChange) return;
    const entry = this.entry;
    this.server.keep(entry, { isLeaving: true }).then((told) => this.take(entry, told));
  }

  // Somebody looks at this window again: another one may have gone on meanwhile.
  async seen() {
    if (document.visibilityState === "hidden" || this.running || this.isReleased) return;
    if (this.isDirty || !this.hasArrived) this.goOn();
    else if (this.last.is === "there") this.busyWith(this.catchUp());
  }

  // Show another window's text, where nothing was typed here that it does not have.
  async catchUp(words) {
    const now = await this.server.look(this.revision);
    if (now.is !== "there" || now.revision === this.revision || this.isDirty) return;
    const isNew = now.window !== this.window && now.text !== this.area.value;
    this.revision = now.revision;
    if (isNew) {
      this.area.value = now.text;
      this.sent = { text: this.area.value, turn: this.turn };
      this.says({ is: "there", said: words ?? now.ahead });
    }
    this.nameWindow();
  }
}
