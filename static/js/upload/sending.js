// One file on its way: sent in pieces, gone on with after a cut, and looked at by the server.
import { checksumOf } from "./checksum.js";
import { compare, csrf, forget, senderFrom, stateOf, underWay } from "./server.js";

const MEGABYTE = 1024 * 1024;
const PIECE = 5 * MEGABYTE;
const SMALL_PIECE = MEGABYTE; // where the line breaks, less has to be sent again
const DELAYS = [0, 1000, 3000, 5000, ...Array(5).fill(10_000)]; // milliseconds between tries
const AGAIN = 15_000; // after the last of them
const GOES_ON = new Set([0, 409, 423, 429, 500, 502, 503, 504, 507]);
const LONG = 15_000; // that looking at it may take before the form may go

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;

function wordsOf(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).words ?? "";
  } catch {
    return "";
  }
}

export class Sending {
  // `say(state, more)` hears how it goes; `known` is the address of what was begun before.
  constructor(file, { field, place, known, say }) {
    Object.assign(this, { file, field, place, address: known, say });
    this.there = 0;
    this.triedAgain = -1; // what was there when it was refused and tried once more
    this.isOver = false;
  }

  async start() {
    this.checksum ??= checksumOf(this.file, this.field.hashing);
    this.say("sending");
    try {
      const tus = await senderFrom(this.field.sender);
      this.upload ??= new tus.Upload(this.file, this.options());
    } catch {
      this.wait();
      return;
    }
    if (this.isOver || this.state !== "sending") return;
    this.began = { at: Date.now(), there: null };
    this.upload.start();
  }

  // Somebody asks for it, however often it was refused.
  again() {
    this.triedAgain = -1;
    this.start();
  }

  stop(state = "paused") {
    this.upload?.abort();
    this.say(state);
  }

  end() {
    this.isOver = true;
    this.upload?.abort();
  }

  options() {
    return {
      // Without an endpoint the library does not begin anew where it is not told how far it is.
      endpoint: this.address ? null : this.field.address,
      uploadUrl: this.address ?? null,
      chunkSize: PIECE,
      retryDelays: DELAYS,
      storeFingerprintForResuming: false,
      metadata: { filename: this.file.name, ticket: this.field.ticket, place: this.place },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
      onUploadUrlAvailable: () => {
        this.address = this.upload.url;
        this.upload.options.endpoint = null;
        if (this.isOver) forget(this.address);
        else this.say("begun");
      },
      onProgress: (sent) => this.progress(sent),
      onChunkComplete: (_piece, accepted) => {
        this.there = accepted;
      },
      onShouldRetry: (error) => this.mayRetry(error),
      onSuccess: () => this.lookedAt(),
      onError: (error) => this.failed(error),
    };
  }

  progress(sent) {
    this.began.there ??= sent;
    const seconds = (Date.now() - this.began.at) / 1000;
    const speed = (sent - this.began.there) / seconds;
    const left = seconds > 3 && speed > 0 ? (this.file.size - sent) / speed : null;
    this.say("sending", { sent, left });
  }

  mayRetry(error) {
    const status = statusOf(error);
    if (!GOES_ON.has(status) || !navigator.onLine) return false;
    this.upload.options.chunkSize = SMALL_PIECE;
    this.began = { at: Date.now(), there: null };
    this.say(status === 423 ? "elsewhere" : "away", { words: wordsOf(error) });
    return true;
  }

  failed(error) {
    if (this.isOver) return;
    const status = statusOf(error);
    if (!error.originalRequest) this.say("refused", { word: "unread" });
    else if (status === 401) this.signIn();
    else if (GOES_ON.has(status)) this.wait();
    else if (wordsOf(error)) this.say("refused", { words: wordsOf(error) });
    else if (status === 403 || status === 413) this.renew();
    else if (status === 404) this.beginAnew();
    else this.say("failed");
  }

  // Away: it goes on when the line is back, or after a while.
  async wait() {
    this.say("away");
    const isBack = new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
    await Promise.race([isBack, pause(AGAIN)]);
    this.goOn("away");
  }

  // Signed out: it goes on once somebody signed in, in whatever window.
  async signIn() {
    this.say("signed-out");
    while (this.state === "signed-out" && !(await underWay(this.field.address, this.place))) {
      await pause(3000);
    }
    this.goOn("signed-out");
  }

  // Who signed in meanwhile has another token; of who is signed out a piece is too large, and so it
  // may be for what stands in between. If it is none of these, it is an end.
  async renew() {
    if (!(await underWay(this.field.address, this.place))) this.signIn();
    else if (this.mayTryAgain()) this.start();
  }

  // What was begun is gone on the server: all of it is sent.
  beginAnew() {
    if (!this.mayTryAgain()) return;
    Object.assign(this.upload, { url: null });
    Object.assign(this.upload.options, { uploadUrl: null, endpoint: this.field.address });
    this.there = 0;
    this.start();
  }

  // Once for each place that it got to, and in small pieces: what is refused for ever ends.
  mayTryAgain() {
    if (this.isOver) return false;
    const isNew = this.there !== this.triedAgain;
    this.triedAgain = this.there;
    this.upload.options.chunkSize = SMALL_PIECE;
    if (!isNew) this.say("failed");
    return isNew;
  }

  goOn(from) {
    if (!this.isOver && this.state === from) this.start();
  }

  // Every byte is there: the server reads it back, and both compare what they have.
  async lookedAt() {
    this.say("checking");
    const since = Date.now();
    const sha256 = await this.checksum;
    let told = sha256 ? await compare(this.address, sha256) : null;
    for (let wait = 200; !this.isOver; wait = Math.min(wait * 1.5, 3000)) {
      if (told && told.state !== "received") break;
      if (Date.now() - since > LONG) this.say("long");
      await pause(wait);
      told = await stateOf(this.address);
    }
    if (this.isOver || !told) return;
    if (told.state === "stored") this.say("stored", told);
    else this.say("refused", { words: told.words, word: "failed" });
  }
}
