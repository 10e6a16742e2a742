// A lesson: arrow keys go to the one before and after, and a video says where it is. Without this the
// page has the same links, and the video is a plain one that goes on where it was told last.

const EVERY = 10_000; // milliseconds between two sayings while it plays
const TAKES_ARROWS = "input, select, textarea, video, audio, iframe, [contenteditable], [role=menu]";

function goWithArrows(root) {
  root.addEventListener("keydown", (event) => {
    const where = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!where || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.defaultPrevented || event.target.closest(TAKES_ARROWS)) return;
    root.querySelector(`[data-player] a[rel=${where}]`)?.click();
  });
}

function keepPosition(video, form) {
  let last = { at: 0, seconds: -1 };

  const say = () => {
    const seconds = video.ended ? 0 : Math.floor(video.currentTime);
    if (seconds === last.seconds) return;
    last = { at: Date.now(), seconds };
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("seconds", String(seconds));
    // kept alive, so that it arrives after the page is gone; lost, the video goes on a little earlier
    fetch(video.dataset.positionUrl, { method: "POST", body, keepalive: true }).catch(() => {});
  };

  video.addEventListener("timeupdate", () => {
    if (!video.paused && Date.now() - last.at >= EVERY) say();
  });
  video.addEventListener("pause", say);
  window.addEventListener("pagehide", () => {
    if (video.currentTime > 0) say();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && video.currentTime > 0) say();
  });
}

goWithArrows(document);
const video = document.querySelector("video[data-position-url]");
const form = document.querySelector("form[data-finish]");
if (video && form) keepPosition(video, form);
