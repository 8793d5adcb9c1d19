// j k Enter x in lists ([data-list] with [data-row]), any key named by data-key, ? for the help.
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
const here = () => document.querySelector("[data-list] .here");

function go(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = all[Math.min(Math.max(at < 0 ? 0 : at + step, 0), all.length - 1)];
  here()?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(key) {
  const target = [...document.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key && e.offsetParent);
  if (!target) return false;
  if (target.matches("summary")) {
    const panel = target.parentElement;
    // open already and looked at from elsewhere: go in; from inside: close
    panel.open = !panel.open || !panel.contains(document.activeElement);
    if (panel.open) (panel.querySelector("input:not([type=hidden]), select, textarea, button") ?? target).focus();
  } else if (target.matches("input")) {
    target.focus();
    target.select();
  } else target.click();
  return true;
}

const acts = {
  j: () => go(1),
  k: () => go(-1),
  Enter: () => document.activeElement === document.body && here() && (here().querySelector("a").click(), true),
  x: () => {
    const box = here()?.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  },
  "?": () => {
    const help = document.querySelector("dialog[data-keys]");
    help?.showModal();
    return Boolean(help);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("[type=search]")) event.target.blur();
    return;
  }
  const done = press(event.key) || acts[event.key]?.();
  if (done) event.preventDefault();
});

// The bar of bulk acts shows itself while something is picked, and says how many.
function picked() {
  const count = document.querySelectorAll("[data-list] input[name=pick]:checked").length;
  for (const bar of document.querySelectorAll("[data-picked]")) {
    bar.hidden = !count;
    for (const place of bar.querySelectorAll("[data-n]")) place.textContent = count;
  }
}
document.addEventListener("change", (event) => {
  if (event.target.name === "pick") {
    event.target.closest("[data-row]")?.classList.toggle("picked-row", event.target.checked);
    picked();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unpick]")) return;
  for (const box of document.querySelectorAll("input[name=pick]:checked")) box.checked = false;
  picked();
});
picked();
