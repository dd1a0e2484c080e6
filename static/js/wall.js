// The wall of a class: follows its teacher's other screen, tells it where it stands, and works on when the network drops.

const deck = document.getElementById("deck");
const wall = document.getElementById("wall");
const blank = document.getElementById("blank");
const dot = document.getElementById("wall-dot");
const button = document.getElementById("wall-reveal");
const EVERY = 5000; // ms: 25 walls and screens are to cost a twentieth of one core
let shown = { place: 0, last: 0, idea: wall };
let known = null; // what the server said last
let screen = "slides";
let following = false;

async function ask(address, fields) {
  const options = { headers: { Accept: "application/json" } };
  if (fields) Object.assign(options, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: wall.dataset.token, ...fields }) });
  try {
    const reply = await fetch(address, { ...options, redirect: "error" });
    dot.hidden = reply.ok;
    return reply.ok ? reply : null;
  } catch {
    dot.hidden = false; // it goes on by itself
    return null;
  }
}

async function follow(reply) {
  if (!reply) return;
  const now = await reply.json();
  const before = known;
  known = now;
  if (!now.open) return location.reload();
  following = true;
  if (!before || now.place !== before.place) deck.dispatchEvent(new CustomEvent("deck:go", { detail: { place: now.place } }));
  if (now.screen !== screen) turn(now.screen, now.place);
  following = false;
  for (const item of now.revealed) draw(item);
  return now;
}

function turn(to, place) {
  screen = to;
  blank.hidden = to !== "blank";
  if (to === "pause") deck.dispatchEvent(new CustomEvent("deck:go", { detail: { help: true } }));
  else if (to === "slides") deck.dispatchEvent(new CustomEvent("deck:go", { detail: { place } }));
}

const ideaOf = (item) => deck.querySelector(`.item-idea[data-item="${CSS.escape(item)}"]`);

async function draw(item) {
  const idea = ideaOf(item);
  if (!idea || "revealed" in idea.dataset) return;
  idea.dataset.revealed = "";
  const reply = await ask(wall.dataset.revealed.replace("/item/", `/${item}/`));
  if (!reply) return delete idea.dataset.revealed;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  idea.querySelector(".wall-chart").replaceChildren(...page.body.childNodes);
  idea.querySelector(".wall-chart").hidden = false;
  for (const choices of idea.querySelectorAll(".wall-choices, .match-columns, .wall-notice")) choices.hidden = true;
  button.hidden = true;
  deck.dispatchEvent(new CustomEvent("deck:fit"));
}

async function reveal() {
  const { idea } = shown;
  if (!idea.dataset.item || "revealed" in idea.dataset) return;
  const now = await follow(await ask(wall.dataset.act, { do: "reveal", item: idea.dataset.item }));
  const notice = idea.querySelector(".wall-notice");
  notice.textContent = now?.notice ?? "";
  notice.hidden = !notice.textContent;
}

deck.addEventListener("deck:shown", async ({ detail }) => {
  shown = detail;
  button.hidden = !detail.idea.dataset.item || "revealed" in detail.idea.dataset;
  if (following || detail.idea.id === "help-slide" || known?.place === detail.place) return;
  screen = "slides";
  if (known) known.place = detail.place;
  await ask(wall.dataset.act, { do: "go", place: detail.place });
});

button.addEventListener("click", reveal);
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "v" && !event.ctrlKey && !event.metaKey && !event.altKey) reveal();
});

async function poll() {
  const place = known?.place;
  const now = await follow(await ask(wall.dataset.state));
  if (now && place !== undefined && now.place > shown.last) await ask(wall.dataset.act, { do: "go", place: shown.last });
  setTimeout(poll, EVERY);
}
poll();
