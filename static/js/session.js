// A part of a page that comes back as the sign-in page means: signed out meanwhile. Load it whole.

export function noticeSignedOut(root) {
  root.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.responseURL && new URL(xhr.responseURL).pathname === "/accounts/login/") {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
}
