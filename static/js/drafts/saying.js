// Says how a draft stands, in a line that is read out, with the buttons that fit it.

const SLOW = 800; // milliseconds before it says that it is busy
const BY_ITSELF = new Set(["away", "busy", "signed-out", "not-theirs", "too-much"]);

export class Saying {
  constructor(form) {
    this.line = form.querySelector("[data-draft-state]");
    this.box = this.line.parentElement;
    this.signIn = form.querySelector("[data-draft-sign-in]");
    this.beside = form.querySelector("[data-draft-beside]");
    this.take = form.querySelector("[data-draft-take]");
    this.words = form.querySelector("[data-draft-words]").content;
    this.timer = null;
  }

  of(name) {
    return this.words.querySelector(`[data-word="${name}"]`).textContent;
  }

  busy() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(this.of("keeping")), SLOW);
  }

  // A state, or what the server said; `isKept` is whether this device keeps the text meanwhile.
  say({ is, said, take }, isKept) {
    clearTimeout(this.timer);
    this.signIn.hidden = is !== "signed-out";
    this.beside.hidden = is !== "beside";
    this.take.hidden = !take;
    if (take) this.take.formAction = take;
    this.box.classList.toggle("answer-state-waits", is !== "there");
    this.write(BY_ITSELF.has(is) ? this.of(isKept ? is : `${is}-unkept`) : said);
  }

  addNotSent() {
    const said = this.line.textContent;
    if (!said.startsWith(this.of("not-sent"))) this.write(`${this.of("not-sent")} ${said}`);
  }

  write(words) {
    clearTimeout(this.timer);
    if (this.line.textContent !== words) this.line.textContent = words;
  }
}
