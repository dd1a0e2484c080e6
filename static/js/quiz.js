// Quiz: one question a card; feedback comes into the card. Without this script it is one form on one page.

const form = document.getElementById("quiz");
const items = () => [...form.querySelectorAll(".item")];
let current = 0;

function show(number, { focus = true } = {}) {
  const all = items();
  current = Math.max(0, Math.min(number, all.length));
  all.forEach((item, place) => (item.hidden = place !== current));
  const done = current === all.length;
  document.getElementById("quiz-end").hidden = !done;
  document.getElementById("check-all").hidden = true;
  if (!focus) return;
  const target = done ? document.getElementById("quiz-end") : all[current];
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

async function check(button) {
  const item = button.closest(".item");
  const data = new FormData(form);
  data.set(button.name, button.value);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(item.id);
    if (!fresh) throw new Error(`no ${item.id} in the answer`);
    item.replaceWith(fresh);
    const said = fresh.querySelector(".feedback, .problem");
    said?.focus();
    if (button.name === "skip") show(current + 1);
  } catch {
    button.disabled = false;
    const note = document.getElementById("no-network").content.cloneNode(true);
    item.querySelector(".item-actions").before(note);
    item.querySelector(".problem").focus();
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.go === "next") {
    event.preventDefault();
    show(current + 1);
  } else if (button.dataset.go === "back") {
    event.preventDefault();
    show(current - 1);
  } else if (button.closest(".item")) {
    event.preventDefault();
    item_problem_gone(button);
    check(button);
  }
});

function item_problem_gone(button) {
  button.closest(".item").querySelector(".problem")?.remove();
}

form.classList.add("one-at-a-time");
const first = items().findIndex((item) => !item.querySelector(".feedback"));
show(first === -1 ? items().length : first, { focus: false });
