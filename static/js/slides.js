// Slides: one idea a screen, by keyboard, touch or button. Everything is in the page: the network may drop.

const deck = document.getElementById("deck");
const blank = document.getElementById("blank");
const place = document.getElementById("deck-place");
const help = document.getElementById("help-slide");
// Text and pictures, in % of the height, from roomy to tight; text never goes under 4.
const FITS = [[5.4, 48], [5.2, 44], [4.8, 42], [4.6, 36], [4.3, 34], [4.1, 30], [4.1, 24], [4.1, 16], [4.05, 0]];
let ideas = [];
let current = 0;
let before = 0;

function fit(idea) {
  for (const [text, picture] of FITS) {
    idea.style.setProperty("--text", text);
    idea.style.setProperty("--picture", picture);
    idea.classList.toggle("is-tight", picture === 0);
    if (idea.scrollHeight <= idea.clientHeight && idea.scrollWidth <= idea.clientWidth) return;
  }
}

function show(number, { remember = true } = {}) {
  if (remember) before = current;
  ideas[current].classList.remove("is-shown");
  current = Math.max(0, Math.min(number, ideas.length - 1));
  const idea = ideas[current];
  idea.classList.add("is-shown");
  idea.scrollTop = 0;
  fit(idea);
  place.textContent = `${current + 1} / ${ideas.length}`;
  history.replaceState(null, "", `#${current + 1}`);
  deck.dispatchEvent(new CustomEvent("deck:shown", { detail: { place: current, last: ideas.length - 1, idea } }));
}

function reveal() {
  const answers = ideas[current].querySelectorAll("details.reveal");
  const open = [...answers].some((answer) => !answer.open);
  for (const answer of answers) answer.open = open;
  fit(ideas[current]);
}

const keys = {
  ArrowRight: () => show(current + 1),
  ArrowDown: () => show(current + 1),
  PageDown: () => show(current + 1),
  " ": () => show(current + 1),
  ArrowLeft: () => show(current - 1),
  ArrowUp: () => show(current - 1),
  PageUp: () => show(current - 1),
  Home: () => show(0),
  End: () => show(ideas.length - 1),
  r: reveal,
  b: () => (blank.hidden = !blank.hidden),
  h: () => show(ideas[current] === help ? before : ideas.indexOf(help)),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};

function start() {
  for (const version of deck.querySelectorAll("details.version")) version.open = !version.classList.contains("other");
  ideas = [...deck.querySelectorAll(".idea")].filter((idea) => !idea.closest(".version.other"));
  document.documentElement.classList.add("is-deck");
  for (const button of document.querySelectorAll("[data-go]")) {
    button.hidden = false;
    button.addEventListener("click", () => show(current + (button.dataset.go === "next" ? 1 : -1)));
  }
  for (const picture of deck.querySelectorAll("img")) {
    picture.loading = "eager"; // the network may drop before its slide comes
    picture.addEventListener("load", () => fit(ideas[current]));
  }
  show(Number(location.hash.slice(1)) - 1 || 0);
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const onControl = event.target.closest?.("summary, button, a");
  if (onControl && (event.key === " " || event.key === "Enter")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!blank.hidden && key !== "b") blank.hidden = true;
  else if (keys[key]) keys[key]();
  else return;
  event.preventDefault();
});
addEventListener("resize", () => fit(ideas[current]));
// Of a class's wall: its teacher turns the slides from elsewhere.
deck.addEventListener("deck:go", ({ detail }) => show(detail.help ? ideas.indexOf(help) : detail.place));
deck.addEventListener("deck:fit", () => fit(ideas[current]));
blank.addEventListener("click", () => (blank.hidden = true));

start();
