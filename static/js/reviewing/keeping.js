// Feedback keeps itself a moment after typing, and what is not kept yet is tried again. Where another
// window went on with another text, nothing is kept until its writer chose which it shall be.

const AFTER = 1_500; // milliseconds of rest
const AGAIN = 5_000;
const SENT = ["csrfmiddlewaretoken", "number", "revision", "window", "feedback"];

function sayer(said) {
  return (key, more = "") => (said.textContent = `${said.dataset[key]} ${more}`.trim());
}

function toSend(form, more) {
  const body = new FormData();
  for (const name of SENT) body.set(name, form.elements[name].value);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
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

export function keepFeedback(form) {
  const field = form.querySelector("#feedback");
  const nothing = { stop() {}, later() {} };
  if (!field) return nothing;
  const say = sayer(form.querySelector("#kept"));
  const other = new OtherWindow(form);
  let kept = other.isShown ? null : field.value;
  let timer = 0;
  let running = null;
  let isSent = false; // the form is on its way

  async function take(response, text) {
    if (response?.status === 422) {
      form.querySelector("#kept").textContent = await response.text();
    } else if (response?.status === 409) {
      form.querySelector("#kept").textContent = "";
      other.show(await response.json());
    } else if (!response?.ok || response.redirected) {
      say("notKept");
      later(AGAIN);
    } else {
      const { at, revision } = await response.json();
      kept = text;
      form.elements.revision.value = revision;
      say("kept", at);
    }
  }

  async function send({ isLast = false } = {}) {
    const text = field.value;
    if (text === kept || other.isShown) return;
    if (running && !isLast) {
      later();
      return;
    }
    if (!isLast) say("keeping");
    running = fetch(form.dataset.keep, {
      method: "POST",
      body: toSend(form, { feedback: text }),
      keepalive: isLast,
      headers: { "X-Requested-With": "fetch" },
    }).catch(() => null);
    const response = await running;
    running = null;
    await take(response, text);
  }

  function later(after = AFTER) {
    isSent = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(send, after);
  }

  function stop() {
    window.clearTimeout(timer);
  }

  function choose(which) {
    if (which === "that") field.value = kept = other.text.textContent;
    other.close();
    field.focus();
    send();
  }

  field.addEventListener("input", () => later());
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "use") {
      event.preventDefault();
      choose(event.submitter.value);
      return;
    }
    isSent = true;
    stop();
  });
  window.addEventListener("pageshow", () => (isSent = false));
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && other.isShown && field.value !== kept) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (!isSent) send({ isLast: true });
  });
  return { stop, later };
}

// What was typed in the conversation is there again after another button sent the page.
export function keepMessage(form) {
  const field = form?.querySelector("textarea");
  if (!field) return;
  const name = `message:${window.location.pathname}`;
  field.value ||= window.sessionStorage.getItem(name) ?? "";
  field.addEventListener("input", () => window.sessionStorage.setItem(name, field.value));
  form.addEventListener("submit", () => window.sessionStorage.removeItem(name));
}
