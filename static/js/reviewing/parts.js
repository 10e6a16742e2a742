// One part of the work at a time; a link to something in another part shows that one first.

function shower(parts, tabs) {
  return (part) => {
    parts.forEach((each) => {
      each.hidden = each !== part;
      if (each.hidden) each.querySelector("video, audio")?.pause();
    });
    tabs.forEach((tab) => {
      if (tab.hash === `#${part.id}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
  };
}

export function showOneAtATime(form) {
  const parts = [...form.querySelectorAll(".viewer-part")];
  if (parts.length < 2) return;
  const show = shower(parts, [...form.querySelectorAll(".viewer-tab")]);
  const partOf = (hash) => document.getElementById(hash.slice(1))?.closest(".viewer-part");
  const refused = form.querySelector(".remark-form-error:not(:empty)")?.closest(".viewer-part");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const part = link && partOf(link.hash);
    if (!part) return;
    show(part);
    if (!link.matches(".viewer-tab")) return;
    event.preventDefault();
    window.history.replaceState(null, "", link.hash);
  });
  show(refused ?? partOf(window.location.hash) ?? parts[0]);
}
