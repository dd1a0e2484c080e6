// A learner's answers: each is sent as it is given. "Saved" stands there only when the server has said so.
// What could not be sent waits on this device, under opaque ids, for a day; quick exit and signing out erase it.

const form = document.getElementById("quiz");
const state = document.getElementById("save-state");
const { quiz, learner, api, version, after } = form.dataset;
const BOX = "waiting"; // {learner, quizzes: {quiz: {attempt, at, finishing, answers: {item: {choices, sequence}}}}}
const DAY = 24 * 60 * 60 * 1000;
const LONGEST_PAUSE = 30; // seconds
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`answers-${learner}`) : null;
let memory = null; // the box, where storage is switched off
let sending = false;
let pause = 1;
let timer = 0;
let stopped = false;

// The box

function open() {
  let box = memory;
  try {
    box = JSON.parse(localStorage.getItem(BOX) ?? "null");
  } catch {
    // storage is switched off, or holds something else: begin anew
  }
  if (box?.learner !== learner) box = { learner, quizzes: {} }; // somebody else sat here: theirs is erased
  for (const [key, kept] of Object.entries(box.quizzes)) if (Math.abs(Date.now() - kept.at) > DAY) delete box.quizzes[key];
  return box;
}

function close(box) {
  memory = box;
  try {
    if (Object.keys(box.quizzes).length) localStorage.setItem(BOX, JSON.stringify(box));
    else localStorage.removeItem(BOX);
  } catch {
    // it stays in memory
  }
}

function change(update) {
  const box = open();
  const kept = (box.quizzes[quiz] ??= { attempt: form.dataset.attempt, at: Date.now(), finishing: false, answers: {} });
  update(kept);
  if (!kept.finishing && Object.keys(kept.answers).length === 0) delete box.quizzes[quiz];
  close(box);
}

const kept = () => open().quizzes[quiz] ?? { attempt: form.dataset.attempt, finishing: false, answers: {} };

// The page

const itemOf = (id) => form.querySelector(`.item[data-item="${CSS.escape(id)}"]`);
const sequenceOf = (item) => Math.max(Number(item.dataset.sequence), kept().answers[item.dataset.item]?.sequence ?? 0);

function choicesOf(item) {
  const rows = [...item.querySelectorAll("select")];
  if (rows.length) return Object.fromEntries(rows.filter((row) => row.value).map((row) => [row.closest("[data-row]").dataset.row, row.value]));
  const steps = [...item.querySelectorAll("[data-step]:not([hidden])")];
  const chosen = (part) => part.querySelector("input:checked");
  if (steps.length) return Object.fromEntries(steps.filter(chosen).map((step) => [step.dataset.step, chosen(step).value]));
  const values = [...item.querySelectorAll("input:checked")].map((field) => field.value);
  return item.querySelector("input[type=checkbox]") ? values : (values[0] ?? "");
}

function put(item, choices) {
  for (const row of item.querySelectorAll("select")) row.value = choices[row.closest("[data-row]").dataset.row] ?? "";
  for (const field of item.querySelectorAll("input:not([type=hidden])")) {
    const step = field.closest("[data-step]")?.dataset.step;
    const value = step ? choices[step] : choices;
    field.checked = Array.isArray(value) ? value.includes(field.value) : value === field.value;
  }
  item.dispatchEvent(new CustomEvent("quiz:restored", { bubbles: true }));
}

function say(what, text = "") {
  if (!text && state.classList.contains(`is-${what}`)) return; // not told twice
  state.hidden = false;
  state.className = `save-state is-${what}`;
  state.textContent = text || state.dataset[what];
}

function refuse(item, text) {
  if (item) item.dispatchEvent(new CustomEvent("quiz:problem", { bubbles: true, detail: { text } }));
  else say("refused", text);
}

function replace(item, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".item");
  item.dispatchEvent(new CustomEvent("quiz:fresh", { bubbles: true, detail: { item: fresh, focus: !item.hidden } }));
  return fresh;
}

// The network

class Later extends Error {
  constructor(seconds = 0) {
    super("later");
    this.seconds = seconds;
  }
}

class Refused extends Error {
  constructor(answer) {
    super(answer.code);
    Object.assign(this, { code: answer.code, text: answer.message, item: answer.item });
  }
}

async function call(method, address, body, again = true) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": form.csrfmiddlewaretoken.value, "X-Learner": learner };
  let reply;
  try {
    reply = await fetch(`${api}${address}`, { method, headers, body: JSON.stringify(body), redirect: "error" });
  } catch {
    throw new Later();
  }
  if (reply.status >= 500 || reply.status === 429) throw new Later(Number(reply.headers.get("Retry-After")) || 0);
  let answer;
  try {
    answer = await reply.json();
  } catch {
    throw new Later(); // cut off on the way, or somebody else's page: a hotel's, a school's
  }
  if (reply.ok) return answer;
  if (answer.code === "csrf" && again) {
    await renew();
    return call(method, address, body, false);
  }
  throw new Refused(answer);
}

// After signing in again in another tab, the form's token is an old one.
async function renew() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
    const fresh = page.querySelector(`#quiz[data-learner="${learner}"] [name=csrfmiddlewaretoken]`);
    if (fresh) form.csrfmiddlewaretoken.value = fresh.value;
  } catch {
    throw new Later();
  }
}

async function attempt() {
  const known = form.dataset.attempt || kept().attempt;
  if (known) return known;
  const begun = await call("POST", "", { quiz, after, version });
  form.dataset.attempt = form.elements.attempt.value = begun.attempt;
  change((mine) => (mine.attempt = begun.attempt));
  return begun.attempt;
}

async function send(id, answer) {
  const stored = await call("PUT", `${await attempt()}/responses/${id}/`, answer);
  settle(id, answer.sequence, stored);
}

function settle(id, sent, stored) {
  const item = itemOf(id);
  change((mine) => {
    if ((mine.answers[id]?.sequence ?? 0) <= sent) delete mine.answers[id];
  });
  if (!item) return;
  item.dataset.sequence = Math.max(Number(item.dataset.sequence), stored.sequence);
  tabs?.postMessage({ quiz, item: id, choices: stored.choices, sequence: stored.sequence });
  if (stored.stale && !kept().answers[id]) {
    put(item, stored.choices);
    say("elsewhere");
  }
}

async function flush() {
  if (sending || stopped) return;
  sending = true;
  clearTimeout(timer);
  let said = "";
  try {
    for (let waiting = Object.entries(kept().answers); waiting.length; waiting = Object.entries(kept().answers)) {
      if (!state.matches(".is-waiting, .is-finishing")) say("saving"); // else it would be told at every try
      await send(...waiting[0]);
      said = state.classList.contains("is-elsewhere") ? "elsewhere" : "saved";
    }
    if (kept().finishing) await finish();
    else if (said === "saved") say("saved");
    pause = 1;
    sending = false;
  } catch (error) {
    sending = false;
    await failed(error);
  }
}

async function failed(error) {
  if (error instanceof Later) {
    say(kept().finishing ? "finishing" : "waiting");
    const seconds = Math.max(error.seconds, pause) * (1 + Math.random() / 4);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    timer = setTimeout(flush, seconds * 1000);
  } else if (!(error instanceof Refused)) {
    throw error;
  } else if (error.code === "no_learner" || error.code === "csrf") {
    stopped = true; // the answers wait for the same learner, and for nobody else
    say("refused", `${state.dataset.out} `);
    state.append(document.getElementById("sign-in-again").content.cloneNode(true));
  } else if (["attempt_closed", "not_found", "old_version", "session_ended"].includes(error.code)) {
    stopped = true;
    change((mine) => {
      mine.finishing = false;
      if (error.code === "old_version") mine.attempt = "";
      else mine.answers = {};
    });
    say("refused", error.text);
    setTimeout(() => location.reload(), 1500);
  } else {
    const id = error.item || Object.keys(kept().answers)[0];
    change((mine) => {
      mine.finishing = false;
      delete mine.answers[id];
    });
    const item = itemOf(id ?? "");
    item?.dispatchEvent(new CustomEvent("quiz:goto", { bubbles: true }));
    refuse(item, error.text);
    flush();
  }
}

async function finish() {
  const open = [...form.querySelectorAll(".item:not([data-seen])")].filter((item) => sequenceOf(item) > 0);
  const responses = open.map((item) => ({ item: item.dataset.item, choices: choicesOf(item), sequence: sequenceOf(item) }));
  await call("POST", `${await attempt()}/submit/`, { responses });
  stopped = true;
  change((mine) => Object.assign(mine, { finishing: false, answers: {} }));
  tabs?.postMessage({ quiz, closed: true });
  location.reload(); // the same entry of the history, now with the feedback
}

// What the learner does

function answered(item) {
  const answer = { choices: choicesOf(item), sequence: sequenceOf(item) + 1 };
  change((mine) => (mine.answers[item.dataset.item] = answer));
  say("saving");
  flush();
  return answer;
}

form.addEventListener("quiz:changed", (event) => answered(event.target));

form.addEventListener("quiz:skip", (event) => {
  put(event.target, "");
  answered(event.target);
  form.dispatchEvent(new CustomEvent("quiz:next"));
});

form.addEventListener("quiz:check", async (event) => {
  const item = event.target;
  const id = item.dataset.item;
  const { button } = event.detail;
  const answer = { choices: choicesOf(item), sequence: Math.max(1, sequenceOf(item)) };
  button.disabled = true;
  try {
    const stored = await call("POST", `${await attempt()}/responses/${id}/check/`, answer);
    settle(id, answer.sequence, stored);
    if (!stored.html) button.disabled = false;
    else tabs?.postMessage({ quiz, item: id, html: stored.html, sequence: replace(item, stored.html).dataset.sequence });
    if (!stored.stale) say("saved");
  } catch (error) {
    button.disabled = false;
    if (error instanceof Later) refuse(item, "");
    else if (error instanceof Refused && itemOf(error.item) === item) refuse(item, error.text);
    else await failed(error);
  }
});

form.addEventListener("quiz:finish", () => {
  change((mine) => (mine.finishing = true));
  say("saving");
  flush();
});

tabs?.addEventListener("message", ({ data }) => {
  if (data.quiz !== quiz) return;
  if (data.closed) return location.reload();
  const item = itemOf(data.item);
  if (!item || data.sequence < Number(item.dataset.sequence) || "seen" in item.dataset) return;
  item.dataset.sequence = data.sequence;
  if (kept().answers[data.item]?.sequence > data.sequence) return; // newer, and still on its way
  if (data.html) replace(item, data.html);
  else put(item, data.choices);
  say("elsewhere");
});

addEventListener("online", () => {
  pause = 1;
  flush();
});

// What waited here from before
close(open());
if ("done" in form.dataset) {
  change((mine) => Object.assign(mine, { finishing: false, answers: {} }));
} else {
  const before = kept();
  if (before.attempt && form.dataset.attempt && before.attempt !== form.dataset.attempt) change((mine) => (mine.answers = {}));
  for (const [id, answer] of Object.entries(kept().answers)) {
    const item = itemOf(id);
    if (item && answer.sequence > Number(item.dataset.sequence) && !("seen" in item.dataset)) put(item, answer.choices);
    else change((mine) => delete mine.answers[id]);
  }
  flush();
}
