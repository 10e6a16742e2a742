// Says how feedback stands, in a line that is read out, with the way to sign in where that is needed.

export class Saying {
  constructor(form) {
    this.line = form.querySelector("#kept");
    this.signIn = form.querySelector("#sign-in");
    this.words = form.querySelector("#kept-words").content;
  }

  of(name) {
    return this.words.querySelector(`[data-word="${name}"]`).textContent;
  }

  write(words) {
    this.signIn.hidden = true;
    this.line.textContent = words;
  }

  keptAt(time) {
    this.write(`${this.line.dataset.kept} ${time}`);
  }

  // A state that waits; `isOnDevice` is whether this device keeps what was typed meanwhile.
  waits(is, isOnDevice) {
    this.write(isOnDevice ? this.of(is) : `${this.of(is)} ${this.of("unkept")}`);
    this.signIn.hidden = is !== "signed-out";
  }
}
