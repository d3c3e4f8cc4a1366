// Goes on with a search by itself, slice by slice; without script a button does.

const box = document.querySelector("[data-scan]");
const status = document.querySelector("[data-scan-status]");
let stopped = false;
let told = 0;

function arm() {
  const form = box.querySelector("[data-scan-next]");
  if (!form) return null;
  const stop = form.querySelector("[data-scan-stop]");
  const next = form.querySelector('[type="submit"]');
  next.hidden = !stopped;
  stop.hidden = stopped;
  stop.addEventListener("click", () => {
    stopped = true;
    stop.hidden = true;
    next.hidden = false;
    next.focus();
  });
  return form;
}

function tell(last) {
  // Read out now and then, and at the end: not at every slice.
  if (!last && Date.now() - told < 5000) return;
  told = Date.now();
  const found = box.querySelector("#found")?.textContent ?? "";
  status.textContent = `${box.querySelector("[data-scan-text]").textContent} ${found}`;
}

async function goOn() {
  for (let form = arm(); form && !stopped; form = arm()) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(location.pathname, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-scan]");
    // The desk was locked meanwhile, or something was refused: there is a page that says so.
    if (!next) return location.assign(answer.url);
    if (stopped) return arm();
    box.replaceChildren(...next.childNodes);
    tell(false);
  }
  tell(true);
}

if (box) goOn();
