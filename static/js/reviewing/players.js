// A remark takes the moment at which a film is, and leads back to it; and to the page of a PDF.

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function takeMoments(part) {
  const player = part.querySelector("video, audio");
  const button = part.querySelector("[data-now]");
  if (!player || !button) return;
  const words = button.querySelector("[data-now-words]");
  button.hidden = false;
  player.addEventListener("timeupdate", () => (words.textContent = clock(player.currentTime)));
  button.addEventListener("click", () => {
    part.querySelector(".remark-form input").value = clock(player.currentTime);
    part.querySelector(".remark-form textarea").focus();
  });
}

function goTo(link) {
  const part = document.getElementById(link.hash.slice(1));
  if (link.dataset.second) {
    const player = part?.querySelector("video, audio");
    if (player) player.currentTime = Number(link.dataset.second);
  }
  const frame = part?.querySelector("[data-framed]");
  if (link.dataset.page && frame) {
    frame.src = `${frame.dataset.framed}#page=${link.dataset.page}&navpanes=0&view=FitH`;
  }
}

export function useMoments(form) {
  form.querySelectorAll(".viewer-part").forEach(takeMoments);
  form.addEventListener("click", (event) => {
    const link = event.target.closest(".remark-where[href]");
    if (link) goTo(link);
  });
}
