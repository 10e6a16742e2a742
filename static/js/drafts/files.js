// A file that was sent in full joins the draft by itself, so that it is there on other devices too; a
// button does the same where this could not.
import { Server } from "./server.js";

const AGAIN = 15_000; // milliseconds after which what did not arrive is sent once more
const GOES_ON = new Set(["away", "busy", "signed-out"]);

export class Files {
  constructor(form, upload) {
    Object.assign(this, { upload, server: new Server(form), isSending: false, timer: null });
    upload.addEventListener("upload:stored", () => this.send());
    window.addEventListener("online", () => this.send());
  }

  get waiting() {
    const inputs = this.upload.querySelectorAll("[data-state=stored] input[type=hidden]");
    return [...inputs].map((input) => input.value);
  }

  async send() {
    clearTimeout(this.timer);
    const tokens = this.waiting;
    if (this.isSending || !tokens.length) return;
    this.isSending = true;
    const told = await this.server.add(this.upload.dataset.kept, tokens);
    this.isSending = false;
    if (told.is === "there") this.joined(tokens);
    else if (GOES_ON.has(told.is)) this.timer = setTimeout(() => this.send(), AGAIN);
  }

  // They are rows of the draft now, and what came meanwhile follows.
  joined(tokens) {
    this.upload.dispatchEvent(new CustomEvent("upload:taken", { detail: tokens }));
    this.send();
  }
}
