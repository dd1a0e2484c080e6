// The teacher's own screen: keeps its numbers fresh, and presses its buttons without leaving the place on the page.

const root = document.getElementById("session");
const offline = document.getElementById("no-network");
const crowded = document.getElementById("crowded");
const EVERY = 10000; // ms; what is pressed here shows at once
let revealed = null;

async function ask(address, options = {}) {
  try {
    const reply = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error", ...options });
    offline.hidden = reply.ok;
    return reply.ok ? await reply.json() : null;
  } catch {
    offline.hidden = false;
    return null;
  }
}

function say(name, text) {
  for (const place of root.querySelectorAll(`[data-is="${name}"]`)) if (place.textContent !== String(text)) place.textContent = text;
}

function show(now) {
  if (!now) return;
  if (!now.open) return location.reload();
  if (revealed !== null && now.revealed.length !== revealed) return location.reload();
  revealed = now.revealed.length;
  for (const name of ["joined", "finished", "left"]) say(name, now[name]);
  say("slide", now.place + 1);
  crowded.hidden = !now.crowded;
  for (const lock of root.querySelectorAll('[data-is="lock"]')) lock.textContent = now.locked ? lock.dataset.locked : lock.dataset.unlocked;
}

root.addEventListener("submit", async (event) => {
  const form = event.target;
  const fields = new FormData(form, event.submitter);
  if (fields.get("do") === "close") return; // leads to a page
  event.preventDefault();
  const now = await ask(form.action, { method: "POST", body: new URLSearchParams(fields) });
  for (const notice of form.querySelectorAll(".asked-notice")) notice.textContent = now?.notice ?? "";
  show(now);
});

async function look() {
  if (!document.hidden) show(await ask(root.dataset.state));
}

async function poll() {
  await look();
  setTimeout(poll, EVERY);
}
document.addEventListener("visibilitychange", look); // taken out of the pocket again
setTimeout(poll, EVERY);
