// form[data-draft=NAME]: what is typed is kept on this device until the form has been taken.
// A page that shows [data-draft-done=NAME] clears it. Kept seven days; never passwords or files.
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const DAYS = 7;
const keyOf = (name) => `dingzi.draft.${name}`;
const fields = (form) => [...form.elements].filter((e) => e.name && !["hidden", "password", "file", "submit", "button"].includes(e.type) && !e.hasAttribute("data-no-draft"));

function load(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(name)));
    return draft && Date.now() - draft.at < DAYS * 864e5 ? draft.values : null;
  } catch {
    return null;
  }
}

function store(form) {
  const values = {};
  for (const field of fields(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    } else values[field.name] = field.value;
  }
  try {
    localStorage.setItem(keyOf(form.dataset.draft), JSON.stringify({ at: Date.now(), values }));
    return true;
  } catch {
    return false;
  }
}

function restore(form, values) {
  let changed = false;
  for (const field of fields(form)) {
    const kept = values[field.name];
    if (kept === undefined) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      const want = kept.includes(field.value);
      changed ||= want !== field.checked;
      field.checked = want;
    } else if (kept && kept !== field.value) {
      field.value = kept;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      changed = true;
    }
  }
  return changed;
}

function say(form, text) {
  const place = form.querySelector("[data-kept]");
  if (!place) return;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn text small";
  drop.textContent = words.drop;
  drop.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form.dataset.draft));
    form.reset();
    place.replaceChildren();
  });
  place.setAttribute("role", "status");
  place.replaceChildren(`✓ ${text} `, drop);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const values = load(form.dataset.draft);
  // a form the server gave back keeps what the server says
  if (values && !document.querySelector("[data-errors]") && restore(form, values)) say(form, words.restored);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store(form) && say(form, words.saved), 400);
  });
  form.addEventListener("submit", () => clearTimeout(timer) || store(form));
}

for (const done of document.querySelectorAll("[data-draft-done]")) localStorage.removeItem(keyOf(done.dataset.draftDone));
