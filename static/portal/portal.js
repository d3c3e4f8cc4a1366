// What script adds to the pages: nothing here is needed to use them.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

function focusErrors(summary) {
  summary.focus();
  // The browser scrolls to the input alone; its label or question should be seen as well.
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const input = link && document.getElementById(link.hash.slice(1));
    if (!input) return;
    event.preventDefault();
    const group = input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0] ?? input;
    group.scrollIntoView();
    input.focus({ preventScroll: true });
  });
}

function showPassword(wrapper) {
  const input = wrapper.querySelector("input");
  const button = wrapper.querySelector("button");
  const turn = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", shown ? button.dataset.hideLabel : button.dataset.showLabel);
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(input.type === "password"));
  // What was shown is hidden again before it is sent, so no browser keeps it as plain text.
  input.form?.addEventListener("submit", () => turn(false));
}

function onlyOnce(button) {
  let sent = 0;
  button.form?.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < 3000 && sent) event.preventDefault();
    else sent = event.timeStamp;
  });
}

async function followProgress(box) {
  const bar = box.querySelector('[data-portal-part="bar"]');
  const text = box.querySelector('[data-portal-part="text"]');
  let pause = 1000;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await fetch(box.dataset.poll, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const state = await answer.json();
      if (state.finished) return location.reload();
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
      }
      if (state.text && state.text !== text.textContent) text.textContent = state.text;
      pause = 1000;
    } catch {
      pause = Math.min(pause * 2, 15000);
    }
  }
}

const parts = {
  "error-summary": focusErrors,
  "takes-focus": (box) => box.focus(),
  password: showPassword,
  once: onlyOnce,
  progress: (box) => box.dataset.poll && followProgress(box),
};

for (const element of document.querySelectorAll("[data-portal]")) {
  parts[element.dataset.portal]?.(element);
}
