// A button sends the form only once the server has what was typed: without a connection or a session
// nothing is sent, and it is said why. Signing out waits for it as well.

const ARRIVED = new Set(["there", "beside", "refused"]); // the server itself says what is not right
const LONGEST_WAIT = 3_000; // milliseconds for signing out: what did not arrive stays on the device

export function sendFirst(form, keeping) {
  let isAsking = false;

  async function askFirst(submitter) {
    await new Promise((resolve) => setTimeout(resolve)); // a form that is being sent is not sent again
    const told = await keeping.settle();
    isAsking = false;
    if (!ARRIVED.has(told.is)) {
      keeping.saying.addNotSent();
      return;
    }
    keeping.isReleased = true;
    form.requestSubmit(submitter);
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || keeping.isReleased) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    askFirst(event.submitter);
  });
  window.addEventListener("pageshow", () => {
    keeping.isReleased = false;
  });
}

export function sendBeforeSigningOut(root, keeping) {
  const isOut = (form) => new URL(form.action).pathname === "/accounts/logout/";
  let hasWaited = false;
  root.addEventListener(
    "submit",
    async (event) => {
      if (!isOut(event.target) || hasWaited || !keeping.isDirty) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      hasWaited = true;
      const tooLong = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT));
      await Promise.race([keeping.settle(), tooLong]);
      event.target.requestSubmit();
    },
    true,
  );
}
