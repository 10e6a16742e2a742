// A line that is chosen takes the form under it; with arrow keys from line to line, Escape puts it
// back. One line number is in the order of Tab, so that a long text is passed with one press.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function goWithArrows(numbers) {
  const stand = (at) => numbers.forEach((each) => (each.tabIndex = each === at ? 0 : -1));
  stand(numbers[0]);
  return (event) => {
    const from = numbers.indexOf(event.target.closest("[data-line]"));
    const to = numbers[from + STEPS[event.key]];
    if (from < 0 || !to) return;
    event.preventDefault();
    stand(to);
    to.focus();
  };
}

// Puts beside each line the remarks that are on the page, as the page does when it is loaded.
function markLines(form) {
  form.querySelectorAll(".line-remark").forEach((mark) => mark.remove());
  form.querySelectorAll(".line").forEach((line) => line.classList.remove("line-remarked"));
  for (const link of form.querySelectorAll(".remark-where[href^='#line-']")) {
    const line = document.getElementById(link.hash.slice(1));
    const remark = link.closest(".remark");
    if (!line) continue;
    const mark = document.createElement("a");
    const icon = document.createElement("i");
    const words = document.createElement("span");
    icon.className = "bi bi-chat-left-text";
    icon.ariaHidden = "true";
    words.className = "visually-hidden";
    words.textContent = remark.querySelector(".remark-words").textContent.slice(0, 60);
    mark.className = "line-remark";
    mark.href = `#${remark.id}`;
    mark.append(icon, words);
    line.querySelector(".line-words").after(mark);
    line.classList.add("line-remarked");
  }
}

export function remarkOnLines(form) {
  const remark = form.querySelector("[data-remark='text']");
  const numbers = [...form.querySelectorAll("[data-line]")];
  if (!remark || !numbers.length) return { mark() {}, close() {} };
  const home = remark.parentElement;
  const place = remark.querySelector("input");
  let chosen = null;

  function choose(number) {
    chosen?.closest(".line").classList.remove("is-chosen");
    chosen = number;
    const line = number.closest(".line");
    line.classList.add("is-chosen");
    line.append(remark);
    place.value = number.dataset.line;
    remark.querySelector("textarea").focus();
  }

  function close() {
    if (!chosen) return;
    chosen.closest(".line").classList.remove("is-chosen");
    home.append(remark);
    chosen.focus();
    chosen = null;
  }

  home.addEventListener("click", (event) => {
    const line = event.target.closest(".line");
    if (!line || event.target.closest(".remark-form, .line-remark")) return;
    event.preventDefault();
    if (window.getSelection().isCollapsed) choose(line.querySelector("[data-line]"));
  });
  home.addEventListener("keydown", goWithArrows(numbers));
  remark.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return { mark: () => markLines(form), close };
}
