// Warns before somebody is signed out, their desk locks itself, or what they wrote in a report is
// deleted, and puts it off when asked. A <dialog> is modal; a note stands in the page.

const LONGEST = 2 ** 31 - 1;

async function secondsLeft(form, method) {
  const body = method === "POST" ? new URLSearchParams(new FormData(form)) : undefined;
  const answer = await fetch(form.action, { method, body, headers: { Accept: "application/json" } });
  // Whoever is signed out is led to the login, or told so in a page.
  return answer.ok && !answer.redirected ? (await answer.json()).seconds : 0;
}

function watch(box) {
  const form = box.querySelector("form");
  const warned = Number(box.dataset.warn);
  let timer;

  function waitFor(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(seconds, 1) * 1000, LONGEST));
  }

  function show(ended) {
    for (const part of box.querySelectorAll("[data-ending]")) {
      part.hidden = (part.dataset.ending === "over") !== ended;
    }
    box.hidden = false;
    if (box.showModal && !box.open) box.showModal();
  }

  function hide() {
    box.hidden = !box.close;
    box.close?.();
  }

  function goOn(seconds) {
    if (seconds > warned) {
      hide();
      return waitFor(seconds - warned);
    }
    show(seconds === 0);
    if (seconds) waitFor(seconds);
  }

  // Another tab may have put it off, and a machine that slept wakes late: the server knows.
  async function look(method = "GET") {
    try {
      goOn(await secondsLeft(form, method));
    } catch {
      waitFor(30);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "later") look("POST");
    else hide();
  });
  waitFor(Number(box.dataset.left) - warned);
}

for (const box of document.querySelectorAll("[data-left]")) watch(box);
