// A drawer is a popover and needs no script; on a screen that grew wide it becomes a pane again.

export function closeDrawersWhenWide(root) {
  for (const drawer of root.querySelectorAll("[popover][data-wide]")) {
    if (!drawer.hidePopover) continue;
    const wide = window.matchMedia(`(min-width: ${drawer.dataset.wide}px)`);
    wide.addEventListener("change", () => {
      if (drawer.matches(":popover-open")) drawer.hidePopover();
    });
  }
}
