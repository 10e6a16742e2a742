// A question that only counts after one answer to another is away after any other answer.

function follow(question) {
  const { follows, value } = question.dataset;
  const form = question.closest("form");
  const update = () => {
    const isAsked = form.elements[follows].value === value;
    question.hidden = !isAsked;
    question.querySelector("fieldset").disabled = !isAsked;
  };
  form.addEventListener("change", update);
  update();
}

export function followAnswers(root) {
  root.querySelectorAll("[data-follows]").forEach(follow);
}
