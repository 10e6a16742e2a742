// Signed out meanwhile: a part of a page that comes back as the sign-in page loads the page whole,
// and a form that holds a file is not sent to the door, where the file would be lost.

const DOOR = "/accounts/login/";

function isDoor(address) {
  return Boolean(address) && new URL(address).pathname === DOOR;
}

export function noticeSignedOut(root) {
  root.addEventListener("htmx:beforeSwap", (event) => {
    if (isDoor(event.detail.xhr.responseURL)) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
}

// Also one that was sent before the form, of which it holds the name.
function holdsFile(form) {
  const isSent = form.querySelector("[data-upload] .upload-file input");
  return isSent || [...form.elements].some((field) => field.type === "file" && field.files.length);
}

function sayWhereToSignIn(form, words) {
  form.querySelector("[data-signed-out]")?.remove();
  const said = words.content.firstElementChild.cloneNode(true);
  (form.querySelector(".form-actions") ?? form.lastElementChild).before(said);
  said.querySelector("a").focus();
}

// Who signed in again has another token: the page as it is now says which.
async function takeToken(form, response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
}

export function keepFilesFromTheDoor(root) {
  const words = root.getElementById("signed-out");
  const asked = new WeakSet();
  const asking = new WeakSet();

  async function askFirst(form, submitter) {
    const response = await fetch(window.location.href).catch(() => null);
    asking.delete(form);
    if (response && isDoor(response.url)) {
      sayWhereToSignIn(form, words);
      return;
    }
    if (response?.ok) await takeToken(form, response);
    form.querySelector("[data-signed-out]")?.remove();
    asked.add(form);
    form.requestSubmit(submitter);
  }

  function onSubmit(event) {
    const form = event.target;
    if (!words || form.method !== "post" || asked.delete(form) || !holdsFile(form)) return;
    event.preventDefault();
    event.stopPropagation();
    if (asking.has(form)) return;
    asking.add(form);
    askFirst(form, event.submitter);
  }
  root.addEventListener("submit", onSubmit, true);
}
