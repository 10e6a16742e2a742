// Answers that keep themselves while somebody types, also without a connection or a session. Without
// this the same form keeps what it has when a button is pressed.
import { Files } from "./drafts/files.js";
import { growWithText } from "./drafts/growing.js";
import { Keeping } from "./drafts/keeping.js";
import { sendBeforeSigningOut, sendFirst } from "./drafts/leaving.js";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const upload = form.querySelector("[data-upload]");
  if (upload) new Files(form, upload);
  const area = form.querySelector("[data-draft-text]");
  if (!area) continue;
  const keeping = new Keeping(form, area);
  growWithText(area);
  sendFirst(form, keeping);
  sendBeforeSigningOut(document, keeping);
  keeping.begin();
}
