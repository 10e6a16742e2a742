// What the server says of a text or files that are sent to it, and how the draft stands there.
import { showFiles } from "./showing.js";

const DOOR = "/accounts/login/";
const KEPT_ALIVE = 60_000; // bytes: browsers send no more than 64 KB after a page is gone
const LONGEST_WAIT = 20_000; // milliseconds
export const REFUSED = new Set(["refused", "too-much"]); // as it is: it is sent again once changed
const TOO_MUCH = new Set([400, 413]); // sent again, it would be refused again
const JSON_ONLY = { Accept: "application/json" };

export const isDoor = (response) =>
  response.status === 401 || new URL(response.url).pathname === DOOR;

// Whoever signed in again has another token: the forms of the page get it.
export function takeToken(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

async function ask(address, options) {
  const signal = AbortSignal.timeout(LONGEST_WAIT);
  try {
    return await fetch(address, { headers: JSON_ONLY, signal, ...options });
  } catch {
    return null;
  }
}

export class Server {
  constructor(form) {
    this.form = form;
    this.address = form.getAttribute("action");
  }

  // How the draft stands, and which token its forms have by now.
  async look(revision) {
    const response = await ask(`${this.address}?revision=${revision}`);
    const state = await this.stateOf(response);
    if (state.is === "there") takeToken(state.csrf);
    return state;
  }

  async keep(entry, { isLeaving = false } = {}) {
    let response = await this.send(entry, isLeaving);
    if (response?.status === 403) {
      const now = await this.look(entry.revision);
      if (now.is !== "there") return now;
      response = await this.send(entry, isLeaving);
    }
    return this.stateOf(response);
  }

  // Files that are there in full join the draft.
  async add(name, tokens) {
    const body = new URLSearchParams(tokens.map((token) => [name, token]));
    return this.stateOf(await this.post(body));
  }

  send({ text, revision, window: name, turn }, isLeaving) {
    return this.post(new URLSearchParams({ text, revision, window: name, turn }), isLeaving);
  }

  post(body, isLeaving = false) {
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    const keepalive = isLeaving && String(body).length < KEPT_ALIVE;
    return ask(this.address, { method: "POST", body, keepalive });
  }

  async stateOf(response) {
    if (!response) return { is: "away" };
    if (isDoor(response)) return { is: "signed-out" };
    if (response.status === 404) return { is: "not-theirs" };
    if (TOO_MUCH.has(response.status)) return { is: "too-much" };
    if (response.status === 422) return { is: "refused", ...(await response.json()) };
    if (!response.ok) return { is: "busy" }; // also too many at once
    const said = await response.json().catch(() => null);
    if (said?.files !== undefined) showFiles(this.form, said.files);
    return said ? { is: "there", ...said } : { is: "away" };
  }
}
