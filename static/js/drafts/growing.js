// A text that is as high as what is in it, where the browser does not see to that itself.

export function growWithText(area) {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = () => {
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener("input", grow);
  grow();
}
