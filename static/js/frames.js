// A browser that shows no PDF in a page, as on many phones, leaves its frame empty or asks to press
// it: the row with the file, which stands beside it, is all there is to say then.

export function dropEmptyFrames(root) {
  if (navigator.pdfViewerEnabled !== false) return;
  root.querySelectorAll(".lesson-frame, .evidence-preview").forEach((frame) => frame.remove());
}

const ARRIVING = 2000; // milliseconds in which a reader of PDFs takes the focus once it is there

// A reader of PDFs takes the focus as soon as it has loaded, from whoever is typing beside it: give
// it back, unless somebody pressed the frame.
export function keepFocusFromFrames(root) {
  let last = null;
  let pressed = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.tagName !== "IFRAME") last = event.target;
  });
  root.querySelectorAll("iframe").forEach((frame) => {
    let until = Infinity; // until it has come, and a moment after that
    frame.addEventListener("load", () => { until = Date.now() + ARRIVING; });
    frame.addEventListener("pointerenter", () => { pressed = frame; });
    frame.addEventListener("pointerleave", () => { pressed = null; });
    window.addEventListener("blur", () => {
      setTimeout(() => {
        const took = document.activeElement === frame && pressed !== frame && Date.now() < until;
        if (took && last?.isConnected) last.focus({ preventScroll: true });
      });
    });
  });
}
