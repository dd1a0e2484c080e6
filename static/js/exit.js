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
  for (let a = 1; a < 10; a += 1) {
    const row = sheet.querySelector("table").insertRow();
    for (let b = 1; b < 10; b += 1) row.insertCell().textContent = a * b;
  }
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

// Back, after leaving, leads away again.
function hasLeft() {
  try {
    return sessionStorage.getItem(LEFT) !== null;
  } catch {
    return false; // storage is switched off
  }
}

function leadAway() {
  cover();
  document.documentElement.hidden = false;
  location.replace(link.dataset.target);
}

function shutTheWayBack() {
  if (!hasLeft()) return;
  const [visit] = performance.getEntriesByType("navigation");
  if (visit?.type === "back_forward") leadAway();
  else sessionStorage.removeItem(LEFT); // somebody comes on purpose
}

// A browser may keep a whole page in its memory. It is put by hidden, so that Back does not show it even for a moment,
// and asked for anew: whoever it was shown to may have left or signed out meanwhile.
addEventListener("pagehide", (event) => {
  if (event.persisted) document.documentElement.hidden = true;
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (hasLeft()) leadAway();
  else if (navigator.onLine) location.reload();
  else document.documentElement.hidden = false;
});
shutTheWayBack();
