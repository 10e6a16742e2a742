// Feedback keeps itself a moment after typing, and what is not kept yet is tried again.

const AFTER = 1_500; // milliseconds of rest
const AGAIN = 5_000;

function sayer(said) {
  return (key, more = "") => (said.textContent = `${said.dataset[key]} ${more}`.trim());
}

export function keepFeedback(form) {
  const field = form.querySelector("#feedback");
  const nothing = { stop() {}, later() {} };
  if (!field) return nothing;
  const say = sayer(form.querySelector("#kept"));
  let kept = field.value;
  let timer = 0;
  let sending = null;

  async function send({ isLast = false } = {}) {
    const text = field.value;
    if (text === kept) return;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "number"]) {
      body.set(name, form.elements[name].value);
    }
    body.set("feedback", text);
    sending?.abort();
    sending = new AbortController();
    if (!isLast) say("keeping");
    const response = await fetch(form.dataset.keep, {
      method: "POST",
      body,
      keepalive: isLast,
      signal: isLast ? undefined : sending.signal,
      headers: { "X-Requested-With": "fetch" },
    }).catch((error) => (error.name === "AbortError" ? error : null));
    if (response?.name === "AbortError") return;
    if (response?.status === 422) {
      form.querySelector("#kept").textContent = await response.text();
    } else if (!response?.ok || response.redirected) {
      say("notKept");
      later(AGAIN);
    } else {
      kept = text;
      say("kept", (await response.json()).at);
    }
  }

  function later(after = AFTER) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, after);
  }

  function stop() {
    window.clearTimeout(timer);
    sending?.abort();
  }

  let isSent = false;
  field.addEventListener("input", () => later());
  form.addEventListener("submit", () => {
    isSent = true;
    stop();
  });
  window.addEventListener("pageshow", () => (isSent = false));
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
