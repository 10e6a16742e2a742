// The page that makes a film smaller: choosing one, choosing its size, waiting, looking, saving.
// Without this, or where a browser cannot do it, the page says how a phone or computer does.
import { canMakeSmaller, makeSmaller, readFilm } from "./films/smaller.js";
import { advised, refusalOf, sizesFor } from "./films/sizes.js";
import { about, duration, megabytes } from "./films/words.js";

const EARLY = 2000; // milliseconds before anybody can say how long it takes

const page = document.querySelector("[data-smaller]");
const mostBytes = Number(page.dataset.most) || undefined;
const form = page.querySelector("form");
const input = page.querySelector("input[type=file]");
const video = page.querySelector("video");
const bar = page.querySelector("progress");

const part = (name) => page.querySelector(`[data-part="${name}"]`);
const say = (name, words, within = page) => {
  within.querySelector(`[data-say="${name}"]`).textContent = words;
};

let stopping; // of what is being done, as long as it is
let isUnsaved = false;
let current; // the film that was chosen: { file, film, sizes }

function show(...names) {
  page.querySelectorAll("[data-part]").forEach((one) => {
    one.hidden = !names.includes(one.dataset.part);
  });
}

function refuse({ reason = "broken", seconds }) {
  part("refused").querySelectorAll("[data-reason]").forEach((one) => {
    one.hidden = one.dataset.reason !== reason;
  });
  if (seconds) say("longest", duration(seconds));
  if (reason === "device") show("refused");
  else show("choose", "refused");
}

function forgetResult() {
  isUnsaved = false;
  URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
}

async function choose() {
  const [file] = input.files;
  if (!file) return;
  forgetResult();
  show("choose", "reading");
  try {
    const film = await readFilm(file);
    if (file !== input.files[0]) return; // another was chosen meanwhile
    const sizes = sizesFor(film, mostBytes);
    if (!sizes.length) throw refusalOf(film, mostBytes);
    current = { file, film, sizes };
    offerSizes();
  } catch (error) {
    refuse(error);
  }
}

function offerSizes() {
  const { film, file, sizes } = current;
  say("facts", [duration(film.seconds), megabytes(file.size)].join(" · "));
  part("sizes").querySelectorAll("[data-height]").forEach((row) => {
    const size = sizes.find(({ height }) => height === Number(row.dataset.height));
    row.hidden = !size;
    if (!size) return;
    say("bytes", megabytes(size.bytes), row);
    row.querySelector("input").checked = size === advised(sizes);
  });
  page.querySelector("[data-fits]").hidden = !(file.size <= mostBytes);
  show("choose", "sizes");
}

async function make() {
  const { file, sizes } = current;
  const size = sizes.find(({ height }) => height === Number(form.elements.size.value));
  stopping = new AbortController();
  forgetResult();
  show("making");
  part("making").querySelector("button").focus();
  const onProgress = tellProgress();
  try {
    showResult(await makeSmaller(file, { mostBytes, size, onProgress, signal: stopping.signal }));
  } catch (error) {
    if (stopping.signal.aborted) show("choose", "sizes", "stopped");
    else refuse(error);
    input.focus();
  } finally {
    stopping = undefined;
  }
}

function tellProgress() {
  let began = performance.now();
  const { left } = bar.dataset;
  bar.value = 0;
  say("left", "");
  return (done) => {
    if (done < bar.value) began = performance.now(); // the next size is tried
    bar.value = done;
    bar.textContent = `${Math.round(done * 100)}%`;
    const passed = performance.now() - began;
    if (passed < EARLY || !done) return;
    say("left", left.replace("{time}", about((passed * (1 - done)) / done / 1000)));
  };
}

function showResult(made) {
  const save = page.querySelector("a[download]");
  video.src = save.href = URL.createObjectURL(made);
  save.download = made.name;
  say("before", megabytes(current.file.size));
  say("after", megabytes(made.size));
  isUnsaved = true;
  show("made");
  part("made").querySelector("h3").focus();
}

page.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button?.dataset.do === "stop") stopping?.abort();
  if (button?.dataset.do === "save") isUnsaved = false;
  if (button?.dataset.do === "again") offerSizes();
});
input.addEventListener("change", choose);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  make();
});
window.addEventListener("beforeunload", (event) => {
  if (stopping || isUnsaved) event.preventDefault();
});

if (await canMakeSmaller()) show("choose");
else refuse({ reason: "device" });
page.hidden = false;
