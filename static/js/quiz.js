// The quiz as a page: one question a card, the story's next step, reading aloud. Without this script it is one form.
// What happens to an answer is another script's business: `quiz-visitor.js` or `quiz-attempt.js`, told by events.

const form = document.getElementById("quiz");
const items = () => [...form.querySelectorAll(".item")];
const oneAtATime = form.dataset.layout === "one" && !("done" in form.dataset);
let current = 0;

function tell(name, item, detail = {}) {
  (item ?? form).dispatchEvent(new CustomEvent(`quiz:${name}`, { bubbles: true, detail }));
}

function show(number, { focus = true } = {}) {
  if (!oneAtATime) return;
  const all = items();
  current = Math.max(0, Math.min(number, all.length));
  all.forEach((item, place) => (item.hidden = place !== current));
  const atEnd = current === all.length;
  document.getElementById("quiz-end").hidden = !atEnd;
  document.getElementById("check-all").hidden = true;
  if (atEnd) tell("end");
  if (!focus) return;
  const target = atEnd ? document.getElementById("quiz-end") : all[current];
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

// A story with branches shows the steps that were walked, and the next.
function walk(item) {
  const steps = [...item.querySelectorAll("[data-step]")];
  const walked = new Set();
  for (let step = steps[0]; step && !walked.has(step); ) {
    walked.add(step);
    const next = step.querySelector("input:checked")?.dataset.next;
    step = next && steps.find((each) => each.dataset.step === next);
  }
  for (const step of steps) step.hidden = !walked.has(step);
}

// Pictures may be read aloud, with a voice that lives on the device: nothing is sent anywhere.
function offerReadingAloud(item) {
  const button = item.querySelector(".read-aloud");
  const language = document.documentElement.lang.split("-")[0];
  const voice = () => speechSynthesis.getVoices().find((each) => each.localService && each.lang.startsWith(language));
  if (!button || !("speechSynthesis" in window)) return;
  const reveal = () => (button.hidden = !voice());
  speechSynthesis.addEventListener("voiceschanged", reveal);
  reveal();
  button.addEventListener("click", () => {
    speechSynthesis.cancel();
    for (const part of item.querySelectorAll(".item-prompt, .choice-label span")) {
      const words = new SpeechSynthesisUtterance(part.textContent);
      words.voice = voice();
      words.lang = words.voice.lang;
      speechSynthesis.speak(words);
    }
  });
}

// Lines that are put in order may be moved, too; the numbers follow.
function move(button) {
  const row = button.closest(".row");
  const item = row.closest(".item");
  const rows = [...item.querySelectorAll(".row")];
  const place = rows.indexOf(row);
  if (button.dataset.move === "1") rows[place + 1]?.after(row);
  else rows[place - 1]?.before(row);
  [...item.querySelectorAll(".row select")].forEach((select, number) => (select.value = String(number + 1)));
  button.focus();
  tell("changed", item);
}

// Pairs may be made by pressing a partner for one line after the other; the select boxes stay, and say the same.
function offerPartners(item) {
  const bank = item.querySelector(".partners");
  if (!bank) return;
  const selects = [...item.querySelectorAll(".row select")];
  let active = null;
  const next = (select) => {
    active = select ?? selects.find((each) => !each.value);
    bank.hidden = !active;
    for (const each of selects) each.closest(".row").classList.toggle("is-active", each === active);
    if (!active) return;
    bank.querySelector("b").textContent = active.labels[0].textContent;
    for (const button of bank.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === active.value));
  };
  for (const select of selects) {
    select.addEventListener("focus", () => next(select));
    select.addEventListener("change", () => next(select.value ? null : select));
  }
  bank.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    active.value = button.value;
    active.dispatchEvent(new Event("change", { bubbles: true }));
    if (bank.hidden) item.querySelector(".item-actions .button").focus();
  });
  item.addEventListener("quiz:restored", () => next());
  next();
}

function prepare(item) {
  walk(item);
  for (const movers of item.querySelectorAll(".movers")) movers.hidden = false;
  offerPartners(item);
  offerReadingAloud(item);
}

function complain(item, text) {
  item.querySelector(".problem")?.remove();
  const note = document.getElementById(text ? "refused" : "no-network").content.cloneNode(true);
  if (text) note.querySelector("p").textContent = text;
  item.querySelector(".item-actions").before(note);
  item.querySelector(".problem").focus();
}

form.addEventListener("change", (event) => {
  const item = event.target.closest(".item");
  if (!item) return;
  item.querySelector(".problem")?.remove();
  walk(item);
  tell("changed", item);
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const item = button.closest(".item");
  if (button.dataset.move) {
    item.querySelector(".problem")?.remove();
    move(button);
  } else if (button.dataset.go) {
    show(current + (button.dataset.go === "next" ? 1 : -1));
  } else if (item && (button.name === "check" || button.name === "skip")) {
    event.preventDefault();
    tell(button.name, item, { button });
  } else if (button.name === "finish" && "attempt" in form.dataset) {
    event.preventDefault();
    tell("finish");
  }
});

form.addEventListener("quiz:goto", (event) => show(items().indexOf(event.target)));
form.addEventListener("quiz:next", () => show(current + 1));
form.addEventListener("quiz:problem", (event) => complain(event.target, event.detail.text));
form.addEventListener("quiz:fresh", (event) => {
  const old = event.target;
  const fresh = event.detail.item;
  fresh.hidden = old.hidden;
  old.replaceWith(fresh);
  prepare(fresh);
  if (event.detail.focus) fresh.querySelector(".feedback, .problem")?.focus();
});
form.addEventListener("quiz:restored", (event) => walk(event.target));

form.classList.add("scripted");
form.classList.toggle("one-at-a-time", oneAtATime);
items().forEach(prepare);
const first = items().findIndex((item) => !("seen" in item.dataset));
show(first === -1 ? items().length : first, { focus: false });
