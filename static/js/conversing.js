// A message that was typed stays on this device until it was sent: another button, a session that was
// lost or a page that was closed takes nothing away.
import { Device } from "./drafts/device.js";

function keepOnDevice(form, field) {
  const device = new Device(form.dataset.person, form.getAttribute("action"));
  const entry = () => {
    const now = Date.now();
    return { window: form.elements.sent_as.value, turn: now, at: now, text: field.value };
  };
  const keep = () => (field.value.trim() ? device.put(entry()) : device.drop(entry()));
  const said = [...document.querySelectorAll("[data-sent-as]")];
  const sent = new Set(said.map((message) => message.dataset.sentAs));

  for (const before of device.left()) {
    const isHere = before.text === field.value;
    if (!sent.has(before.window) && !isHere && field.value.trim()) continue; // the next page has it
    field.value = sent.has(before.window) ? field.value : before.text;
    device.drop(before);
  }
  keep();
  field.addEventListener("input", keep);
}

const form = document.getElementById("say");
const field = form?.querySelector("textarea");
if (field) keepOnDevice(form, field);
