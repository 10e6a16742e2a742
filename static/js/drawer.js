// The drawer is a popover and needs no script; on a screen that grew wide it becomes the pane again.

export function closeDrawerWhenWide(root) {
  const pane = root.getElementById("pane");
  if (!pane?.hidePopover) return;
  window.matchMedia("(min-width: 992px)").addEventListener("change", () => {
    if (pane.matches(":popover-open")) pane.hidePopover();
  });
}
