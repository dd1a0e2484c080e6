// A visitor's answers: checked by the server, kept by nobody. They stay in this tab until the end of the quiz.

const form = document.getElementById("quiz");
const BOX = `quiz-${form.dataset.quiz}`;

const fields = () => [...form.querySelectorAll(".item input:not([type=hidden]), .item select")];

function remember() {
  const chosen = fields().filter((field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value));
  try {
    sessionStorage.setItem(BOX, JSON.stringify(chosen.map((field) => [field.name, field.value])));
  } catch {
    // storage is switched off: the answers live as long as the page
  }
}

function forget() {
  try {
    sessionStorage.removeItem(BOX);
  } catch {
    // nothing was kept
  }
}

function restore() {
  let chosen = [];
  try {
    chosen = JSON.parse(sessionStorage.getItem(BOX) ?? "[]");
  } catch {
    return;
  }
  for (const [name, value] of chosen) {
    for (const field of fields().filter((each) => each.name === name)) {
      if (field.tagName === "SELECT") field.value = value;
      else field.checked ||= field.value === value;
    }
  }
  for (const item of form.querySelectorAll(".item")) item.dispatchEvent(new CustomEvent("quiz:restored", { bubbles: true }));
  document.getElementById("restored").hidden = chosen.length === 0;
}

async function ask(name, value) {
  const data = new FormData(form);
  data.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body: data, redirect: "error" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function check(event) {
  const item = event.target;
  const { button } = event.detail;
  button.disabled = true;
  try {
    const fresh = (await ask(button.name, button.value)).getElementById(item.id);
    if (!fresh) throw new Error(`no ${item.id} in the answer`);
    item.dispatchEvent(new CustomEvent("quiz:fresh", { bubbles: true, detail: { item: fresh, focus: true } }));
    remember();
    if (button.name === "skip") form.dispatchEvent(new CustomEvent("quiz:next"));
  } catch {
    button.disabled = false;
    item.dispatchEvent(new CustomEvent("quiz:problem", { bubbles: true, detail: {} }));
  }
}

async function end() {
  forget();
  try {
    const fresh = (await ask("check", "all")).getElementById("quiz-end");
    const old = document.getElementById("quiz-end");
    if (!fresh || old.hidden || form.dataset.feedback === "end") return;
    fresh.hidden = false;
    const focused = document.activeElement === old;
    old.replaceWith(fresh);
    if (focused) fresh.focus({ preventScroll: true });
  } catch {
    // no network: the end is the end all the same
  }
}

form.addEventListener("quiz:changed", remember);
form.addEventListener("quiz:check", check);
form.addEventListener("quiz:skip", check);
form.addEventListener("quiz:end", end);
document.getElementById("erase").addEventListener("click", () => {
  forget();
  location.replace(form.action);
});
restore();
