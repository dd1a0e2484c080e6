// The wall of a class: follows its teacher's other screen, tells it where it stands, and works on when the network drops.

const deck = document.getElementById("deck");
const wall = document.getElementById("wall");
const blank = document.getElementById("blank");
const dot = document.getElementById("wall-dot");
const button = document.getElementById("wall-reveal");
const EVERY = 6000; // ms: 25 walls and screens are to cost a twentieth of one core
let shown = { place: 0, last: 0, idea: wall };
let served = null; // what the server said last
let unsent = null; // a slide that was turned to here, and that the server does not know yet
let turns = 0; // how often it was turned here: what was asked before the last time is old
let following = false;
let telling = false;

/** The answer, read as "json" or "text"; null where none came, or one that cannot be read: cut off, somebody else's. */
async function ask(address, kind, fields) {
  const options = { headers: { Accept: "application/json" } };
  if (fields) Object.assign(options, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: wall.dataset.token, ...fields }) });
  try {
    const reply = await fetch(address, { ...options, redirect: "error" });
    const answer = reply.ok ? await reply[kind]() : null;
    dot.hidden = reply.ok;
    return answer;
  } catch {
    dot.hidden = false; // it goes on by itself
    return null;
  }
}

/** Asks, and goes where the server says, if somebody turned it from elsewhere and nobody here meanwhile. */
async function follow(address, fields) {
  const before = telling ? null : turns; // what is said while it is being told is old as well
  const now = await ask(address, "json", fields);
  if (!now) return;
  if (!now.open) return location.reload();
  if (before === turns && !telling) {
    const isTurned = served ? now.place !== served.place || now.screen !== served.screen : unsent === null;
    served = now;
    if (isTurned) turn(now);
  }
  for (const item of now.revealed) draw(item);
  return now;
}

function turn({ screen, place }) {
  unsent = null;
  following = true;
  blank.hidden = screen !== "blank";
  deck.dispatchEvent(new CustomEvent("deck:go", { detail: screen === "pause" ? { help: true } : { place } }));
  following = false;
}

/** Tells the server where it stands: one message at a time, the newest place, and again at the next poll if it fails. */
async function tell() {
  if (telling) return;
  telling = true;
  while (unsent !== null) {
    const place = unsent;
    if (!(await ask(wall.dataset.act, "json", { do: "go", place }))) break;
    served = { ...served, place, screen: "slides" };
    if (unsent === place) unsent = null;
  }
  telling = false;
}

const ideaOf = (item) => deck.querySelector(`.item-idea[data-item="${CSS.escape(item)}"]`);

async function draw(item) {
  const idea = ideaOf(item);
  if (!idea || "revealed" in idea.dataset) return;
  idea.dataset.revealed = "";
  const bars = await ask(wall.dataset.revealed.replace("/item/", `/${item}/`), "text");
  if (bars === null) return delete idea.dataset.revealed;
  const page = new DOMParser().parseFromString(bars, "text/html");
  idea.querySelector(".wall-chart").replaceChildren(...page.body.childNodes);
  idea.querySelector(".wall-chart").hidden = false;
  for (const choices of idea.querySelectorAll(".wall-choices, .match-columns, .wall-notice")) choices.hidden = true;
  button.hidden = true;
  deck.dispatchEvent(new CustomEvent("deck:fit"));
}

async function reveal() {
  const { idea } = shown;
  if (!idea.dataset.item || "revealed" in idea.dataset) return;
  const now = await follow(wall.dataset.act, { do: "reveal", item: idea.dataset.item });
  const notice = idea.querySelector(".wall-notice");
  notice.textContent = now?.notice ?? "";
  notice.hidden = !notice.textContent;
}

deck.addEventListener("deck:shown", ({ detail }) => {
  shown = detail;
  button.hidden = !detail.idea.dataset.item || "revealed" in detail.idea.dataset;
  if (following || detail.idea.id === "help-slide") return;
  if (served?.screen === "slides" && detail.place === (unsent ?? served.place)) return;
  turns += 1;
  unsent = detail.place;
  tell();
});

button.addEventListener("click", reveal);
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "v" && !event.ctrlKey && !event.metaKey && !event.altKey) reveal();
});

async function poll() {
  await follow(wall.dataset.state);
  if (unsent === null && served?.place > shown.last) unsent = shown.last; // turned past the end from elsewhere
  await tell();
  setTimeout(poll, EVERY);
}
poll();
