// Quick exit: covers the page at once, clears what this site left here, and replaces the page by a neutral one.

const link = document.getElementById("exit");
const hint = document.getElementById("exit-hint");
const SHIFTS = 3;
const FORGET_AFTER = 5000; // ms
const LEFT = "left";
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;
let shifts = 0;
let timer = 0;

function cover() {
  const sheet = document.getElementById("exit-cover").content.cloneNode(true);
  for (const cell of sheet.querySelectorAll("td")) cell.textContent = cell.dataset.a * cell.dataset.b;
  document.title = sheet.querySelector("h1").textContent;
  document.body.replaceChildren(sheet);
}

function clear() {
  try {
    sessionStorage.clear();
    localStorage.clear();
    sessionStorage.setItem(LEFT, "1"); // says nothing but that the way back is shut
  } catch {
    // storage is switched off: nothing was kept
  }
}

function leave() {
  const target = link.dataset.target;
  cover();
  clear();
  fetch("/x/", { method: "POST", keepalive: true }).catch(() => {}); // not awaited: the server may be gone
  if (navigator.onLine) location.replace(target);
  else history.replaceState(null, "", "/x/"); // no network: the times table stays
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  tabs?.postMessage("leave");
  leave();
});

tabs?.addEventListener("message", () => {
  window.close();
  leave();
});

addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat) return;
  if (event.key !== "Shift") {
    shifts = 0;
    hint.textContent = "";
    return;
  }
  clearTimeout(timer);
  timer = setTimeout(() => {
    shifts = 0;
    hint.textContent = "";
  }, FORGET_AFTER);
  shifts += 1;
  if (shifts === SHIFTS) link.click();
  else hint.textContent = shifts === 1 ? hint.dataset.one : hint.dataset.two;
});

// Back, after leaving, leads away again; a page that comes back from the browser's memory is asked for anew.
function shutTheWayBack() {
  try {
    if (!sessionStorage.getItem(LEFT)) return;
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type === "back_forward") {
      cover();
      location.replace(link.dataset.target);
    } else {
      sessionStorage.removeItem(LEFT);
    }
  } catch {
    // storage is switched off
  }
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
shutTheWayBack();
