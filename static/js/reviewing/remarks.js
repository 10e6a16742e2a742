// Adding and removing a remark leaves the page as it is: the film at its moment, the PDF at its page.
import { send as sendTo } from "./sending.js";

const BUTTONS = "button[name=about], .remark-remove";

function whatToSend(form, button) {
  const body = new FormData(form);
  for (const name of [...body.keys()]) {
    const about = /^(?:remark|place)-(.+)$/.exec(name);
    if (about && about[1] !== button.value) body.delete(name);
  }
  if (button.name) body.set(button.name, button.value);
  return body;
}

// A remark is not sent by itself once more, as feedback is.
function whyNot(form, keeping, is) {
  return is === "signed-out" || is === "not-theirs" ? keeping.saying.of(is) : form.dataset.notSent;
}

function countRemarks(form) {
  for (const tab of form.querySelectorAll(".viewer-tab")) {
    const prefix = tab.hash === "#text" ? "#line-" : tab.hash;
    const links = [...form.querySelectorAll(".remark-where[href]")];
    const own = links.filter((link) =>
      tab.hash === "#text" ? link.hash.startsWith(prefix) : link.hash === prefix,
    );
    const count = tab.querySelector(".tab-count");
    count.hidden = !own.length;
    count.querySelector("[data-number]").textContent = own.length;
  }
}

function clear(fields) {
  if (!fields) return;
  fields.querySelectorAll("input, textarea").forEach((field) => (field.value = ""));
  fields.querySelector("textarea").removeAttribute("aria-invalid");
}

export function sendRemarks(form, keeping, lines) {
  async function send(button) {
    const fields = button.closest(".remark-form");
    const error = fields?.querySelector(".remark-form-error");
    keeping.stop();
    const told = await sendTo(form, button.formAction, whatToSend(form, button));
    if (error) error.textContent = "";
    if (told.is !== "there") {
      const isRefused = told.is === "refused";
      if (!isRefused) keeping.changed();
      const words = isRefused ? await told.response.text() : whyNot(form, keeping, told.is);
      if (error) error.textContent = words;
      return;
    }
    document.getElementById("remarks").outerHTML = await told.response.text();
    lines.mark();
    countRemarks(form);
    clear(fields);
    keeping.changed();
    if (fields?.dataset.remark === "text") lines.close();
    if (!fields) document.getElementById("feedback").focus();
  }

  form.addEventListener("submit", (event) => {
    if (!event.submitter?.matches(BUTTONS)) return;
    event.preventDefault();
    send(event.submitter);
  });
  // Enter in the field of a line or a moment adds the remark, and sends nothing else.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".remark-form input")) return;
    event.preventDefault();
    form.requestSubmit(event.target.closest(".remark-form").querySelector("button[name=about]"));
  });
}
