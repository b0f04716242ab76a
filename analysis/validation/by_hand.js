// The display of code_by_hand: it shows the state and sends answers and steps, no more.
const KEYS = {
  y: { answer: "yes" },
  n: { answer: "no" },
  u: { answer: "unsure" },
  ArrowLeft: { step: -1 },
  ArrowRight: { step: 1 },
};
const LABELS = ["yes (y)", "no (n)", "unsure (u)", "back (←)", "on (→)"];

function add(parent, name, style = "") {
  const made = document.createElement(name);
  made.style.cssText = style;
  parent.append(made);
  return made;
}

function render({ model, el }) {
  const box = add(el, "div", "padding: 1em; border: 1px solid currentColor; max-width: 50em");
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Coding by hand");
  const progress = add(box, "p", "margin: 0");
  const question = add(box, "p", "margin: 0.5em 0; font-weight: bold");
  const shown = add(box, "div");
  shown.setAttribute("aria-live", "polite");
  const before = add(shown, "p", "margin: 0; opacity: 0.7");
  const text = add(shown, "p", "margin: 0.5em 0; font-size: 1.25em");
  const after = add(shown, "p", "margin: 0 0 1em; opacity: 0.7");
  const buttons = Object.values(KEYS).map((message, place) => {
    const button = add(box, "button", "margin-right: 0.5em; padding: 0.4em 0.8em");
    button.type = "button";
    button.textContent = LABELS[place];
    button.addEventListener("click", () => model.send(message));
    return button;
  });
  box.addEventListener("keydown", (event) => {
    const message = KEYS[event.key];
    if (message && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation(); // the notebook has keys of its own
      model.send(message);
    }
  });
  const update = () => {
    const state = model.get("state");
    progress.textContent = `${state.number} of ${state.total}; ${state.answered} answered`;
    question.textContent = `Is it about ${state.topic.replaceAll("_", " ")}?`;
    before.textContent = state.before;
    text.textContent = state.text;
    after.textContent = state.after;
    Object.values(KEYS).forEach((message, place) => {
      if (message.answer) {
        buttons[place].setAttribute("aria-pressed", String(message.answer === state.answer));
        buttons[place].style.outline = message.answer === state.answer ? "2px solid" : "";
      }
    });
  };
  model.on("change:state", update);
  update();
  return () => model.off("change:state", update);
}

export default { render };
