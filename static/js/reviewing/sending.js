// Sends something of a review, and says what became of it. Whoever signed in again has another token:
// the forms of the page get it, and what was sent is sent once more.
import { isDoor, takeToken } from "../drafts/server.js";

const HEADERS = { "X-Requested-With": "fetch" };
const STATES = { 404: "not-theirs", 409: "beside", 422: "refused" };

const ask = (address, options) =>
  fetch(address, { headers: HEADERS, ...options }).catch(() => null);

function stateOf(response) {
  if (!response) return "away";
  if (isDoor(response)) return "signed-out";
  return response.ok ? "there" : (STATES[response.status] ?? "busy");
}

export async function send(form, address, body, { isLast = false } = {}) {
  const post = () => {
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return ask(address, { method: "POST", body, keepalive: isLast });
  };
  const response = await post();
  if (response?.status !== 403) return { is: stateOf(response), response };
  const now = await ask(form.dataset.keep);
  const is = stateOf(now);
  if (is !== "there") return { is: now?.status === 403 ? "not-theirs" : is, response: now };
  takeToken((await now.json()).csrf);
  const again = await post();
  return { is: stateOf(again), response: again };
}
