// Counters, Ctrl+Enter, no second send by a double click, and the error summary in view.
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

for (const line of document.querySelectorAll("[data-under]")) {
  const area = document.getElementById(line.dataset.under);
  const place = line.querySelector("[data-count]");
  const max = Number(area?.getAttribute("maxlength"));
  if (!area || !max) continue;
  area.removeAttribute("maxlength"); // a long paste is shown as too long, not cut without a word
  const show = () => {
    const n = [...area.value].length;
    const text = n > max ? fill(words.over, { n: n - max }) : fill(words.count, { n: n.toLocaleString("en"), max: max.toLocaleString("en") });
    place.textContent = text;
    place.classList.toggle("over", n > max);
  };
  area.addEventListener("input", show);
  show();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-quick]");
  if (form) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(free, 8000); // an answer that is a download leaves the page as it is
});
function free() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
addEventListener("pageshow", free);

document.querySelector("[data-errors]")?.focus();
for (const select of document.querySelectorAll("form[data-auto]")) {
  select.addEventListener("change", () => select.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
