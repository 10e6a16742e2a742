// A browser that shows no PDF in a page, as on many phones, leaves its frame empty or asks to press
// it: the row with the file, which stands beside it, is all there is to say then.

export function dropEmptyFrames(root) {
  if (navigator.pdfViewerEnabled !== false) return;
  root.querySelectorAll(".lesson-frame, .evidence-preview").forEach((frame) => frame.remove());
}
