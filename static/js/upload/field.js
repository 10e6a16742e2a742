// A field of files: what is chosen, dropped or photographed is sent at once, and the form waits for
// it. What was sent before the page was loaded again is found again.
import { remember, remembered } from "./memory.js";
import { Row } from "./row.js";
import { forget, stateOf, underWay } from "./server.js";
import { Sending } from "./sending.js";
import { sizeOf, Words } from "./words.js";

const ON_ITS_WAY = new Set(["sending", "begun", "away", "elsewhere", "signed-out", "checking"]);
const FILMS = /\.(mp4|m4v|mov|qt|3gp|3gpp|3g2|webm)$/i;
const endingOf = (name) => `.${name.split(".").pop().toLowerCase()}`;

export class Field {
  constructor(root) {
    Object.assign(this, { root, items: new Set(), asked: null, unheard: [] });
    const said = root.dataset;
    this.settings = {
      address: said.address,
      ticket: said.ticket,
      sender: said.sender,
      hashing: said.hashing,
    };
    this.words = new Words(root.querySelector("[data-words]"));
    this.place = `${window.location.pathname} ${this.fileName}`;
    this.most = Number(said.most);
    this.list = root.querySelector(".upload-files");
    root.classList.add("upload-scripted");
    root.querySelector(".upload-drop").hidden = !window.matchMedia("(pointer: fine)").matches;
    this.listen();
    this.takeOver();
    this.findAgain();
  }

  listen() {
    const { root } = this;
    for (const input of root.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        this.take(files);
      });
    }
    root.addEventListener("dragover", (event) => {
      event.preventDefault();
      root.classList.add("upload-over");
    });
    root.addEventListener("dragleave", () => root.classList.remove("upload-over"));
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      root.classList.remove("upload-over");
      this.take([...event.dataTransfer.files]);
    });
    root.closest("form")?.addEventListener("submit", (event) => this.hold(event), true);
    root.addEventListener("upload:taken", ({ detail }) => this.handOver(detail));
    window.addEventListener("beforeunload", (event) => {
      if (this.isBusy && !this.asked && this.root.isConnected) event.preventDefault();
    });
  }

  // As it is now: a row of a table has another when it is made, and when one above it goes.
  get fileName() {
    return this.root.querySelector("input[type=file]").name;
  }

  get keptName() {
    return this.root.dataset.kept.replace(this.root.dataset.name, this.fileName);
  }

  get isBusy() {
    return [...this.items].some((item) => ON_ITS_WAY.has(item.state));
  }

  take(files) {
    this.say("");
    for (const file of this.most === 1 ? files.slice(-1) : files) {
      const known = this.goesOnWith(file);
      if (this.most === 1) this.makeWay(file, known);
      else if (!known && this.items.size >= this.most) {
        this.say(this.words.of("most", { most: this.most }));
        return;
      }
      this.send(file, known);
    }
  }

  // Of the only file another takes the place, unless that cannot be used.
  makeWay(file, known) {
    const isRight = !this.wrongWith(file);
    for (const item of this.items) {
      if (item !== known && (isRight || item.state === "refused")) this.takeAway(item);
    }
  }

  // What was begun before with this file: phones call the same film otherwise each time.
  goesOnWith(file) {
    return [...this.items].find(
      (item) =>
        item.state === "again" &&
        item.size === file.size &&
        endingOf(item.name) === endingOf(file.name),
    );
  }

  send(file, known) {
    const item = this.add({ name: file.name, size: file.size, address: known?.address });
    if (known) this.drop(known);
    const wrong = this.wrongWith(file);
    if (wrong) {
      this.show(item, "refused", wrong);
      return;
    }
    item.sending = this.sendingOf(item, file);
    item.sending.start();
  }

  sendingOf(item, file) {
    return new Sending(file, {
      field: this.settings,
      place: this.place,
      known: item.address,
      say: (state, more) => this.show(item, state, more),
    });
  }

  wrongWith(file) {
    const { maxSize, maxWords, accept, kinds } = this.root.dataset;
    if (!accept.split(",").includes(endingOf(file.name))) {
      return { words: this.words.of("kind", { kinds }) };
    }
    if (!file.size) return { words: this.words.of("empty") };
    if (file.size <= Number(maxSize)) return null;
    const said = { size: sizeOf(file.size), most: maxWords };
    const acts = FILMS.test(file.name) ? ["smaller"] : [];
    return { words: this.words.of("too-large", said), acts };
  }

  add({ name, size, address }) {
    const item = { name, size, address, state: "", row: null, input: null, sending: null };
    item.row = new Row(this.root.querySelector("[data-row]"), {
      ...{ words: this.words, name, size },
      links: { "sign-in": this.root.dataset.signIn, smaller: this.root.dataset.smaller },
      onAct: (act) => this.act(item, act),
    });
    this.list.append(item.row.element);
    this.items.add(item);
    return item;
  }

  show(item, state, more = {}) {
    if (!this.items.has(item)) return;
    if (item.sending) {
      item.sending.state = state;
      item.address = item.sending.address;
    }
    item.state = state;
    if (state === "stored") this.keep(item, more);
    else item.row.show(state, { there: item.sending?.there, ...more });
    if (state === "long") this.name(item, tokenOf(item.address));
    if (!this.isBusy && this.asked) this.release();
  }

  // It is there and right: the form names it, and so does this window if the page is loaded again.
  keep(item, { row, token }) {
    const button = this.root
      .querySelector("[data-row]")
      .content.querySelector("[data-act=take-away]")
      .cloneNode(true);
    button.addEventListener("click", () => this.takeAway(item));
    item.row.become(row, button);
    this.name(item, token);
    this.root.dispatchEvent(new CustomEvent("upload:stored"));
  }

  name(item, token) {
    item.input ??= Object.assign(document.createElement("input"), {
      type: "hidden",
      name: this.keptName,
    });
    item.input.value = token;
    item.row.element.append(item.input);
    this.remember();
  }

  act(item, act) {
    if (act === "pause") item.sending.stop();
    else if (act === "go-on") item.sending.again();
    else this.takeAway(item);
  }

  // A form that waits is not sent without what somebody takes away.
  takeAway(item) {
    this.asked = null;
    item.sending?.end();
    if (item.address) forget(item.address);
    this.drop(item);
    this.say(this.words.of("gone", { name: item.name }));
    this.root.querySelector("input[type=file]").focus();
  }

  // The page has these elsewhere by now: they are no longer of this choice, and not taken away.
  handOver(tokens) {
    for (const item of this.items) {
      if (item.state === "stored" && tokens.includes(item.input.value)) this.drop(item);
    }
  }

  drop(item) {
    this.items.delete(item);
    item.row.element.remove();
    this.remember();
    if (!this.isBusy && this.asked) this.release();
  }

  // Rows that came with the page become rows that can be taken away.
  takeOver() {
    for (const element of this.list.querySelectorAll("[data-stored]")) {
      const token = element.dataset.stored;
      const name = element.querySelector(".upload-name").textContent;
      const item = this.add({ name, size: 1, address: `${this.settings.address}${token}/` });
      item.state = "stored";
      this.keep(item, { row: element.querySelector(".upload-row").outerHTML, token });
      element.remove();
    }
  }

  remember() {
    const named = [...this.items].map((item) => item.input?.value).filter(Boolean);
    remember(this.place, [...named, ...this.unheard]);
  }

  async findAgain() {
    const has = (token) =>
      [...this.items].some((item) => item.address && tokenOf(item.address) === token);
    for (const token of remembered(this.place)) {
      if (has(token)) continue;
      const address = `${this.settings.address}${token}/`;
      const told = await stateOf(address);
      if (!told) this.unheard.push(token); // the server is away: it may say so later
      if (told?.state === "stored") this.show(this.add({ ...told, address }), "stored", told);
    }
    for (const begun of (await underWay(this.settings.address, this.place)) ?? []) {
      const address = `${this.settings.address}${begun.token}/`;
      if (begun.state === "refused" || has(begun.token)) continue;
      const item = this.add({ ...begun, address });
      if (begun.state === "receiving") this.show(item, "again", { there: begun.offset });
      else {
        item.sending = this.sendingOf(item, null);
        item.sending.lookedAt();
      }
    }
    this.remember();
  }

  // A form that is sent before its files are there goes by itself once they are; one with a file
  // that will not be there waits for who chose it.
  hold(event) {
    const isWhole = [...this.items].every((item) => item.input);
    if (isWhole || !this.root.isConnected) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.isBusy) this.asked = { form: event.target, button: event.submitter };
    this.say(this.words.of(this.isBusy ? "waits" : "incomplete"));
    if (!this.isBusy) this.root.querySelector("input[type=file]").focus();
  }

  release() {
    const { form, button } = this.asked;
    this.asked = null;
    const isWhole = [...this.items].every((item) => item.input);
    this.say(isWhole ? "" : this.words.of("incomplete"));
    if (isWhole) form.requestSubmit(button);
  }

  say(words) {
    const says = this.root.querySelector(".upload-says");
    says.textContent = words;
    says.hidden = !words;
  }
}

const tokenOf = (address) => new URL(address, window.location.href).pathname.split("/").at(-2);
