// Makes each textarea[data-rich] an editor (TinyMDE); the textarea stays what is sent, so a form
// works without scripts just the same. Nothing is pasted but plain text: the markup is Markdown.
for (const area of document.querySelectorAll("textarea[data-rich]")) {
  if (!window.TinyMDE) break;
  const words = area.dataset;
  const bar = document.createElement("div");
  area.before(bar);
  const editor = new TinyMDE.Editor({ textarea: area });
  new TinyMDE.CommandBar({
    element: bar,
    editor,
    commands: [
      { name: "bold", title: words.bold },
      { name: "h2", title: words.heading },
      { name: "ul", title: words.list },
      { name: "blockquote", title: words.quote },
      "|",
      { name: "insertLink", title: words.link },
      "|",
      { name: "undo", title: words.undo },
    ],
  });
  const box = bar.nextElementSibling;
  const label = document.querySelector(`label[for="${area.id}"]`);
  if (box && label) {
    const field = document.querySelector(".TinyMDE");
    field.setAttribute("aria-label", label.textContent.trim());
    label.addEventListener("click", () => field.focus());
  }
  // what is written into the area by us (a live figure) goes to the editor as well
  area.addEventListener("insert", (event) => editor.paste(event.detail));
}
const list = document.querySelector("[data-live]");
const button = document.querySelector("[data-insert]");
const area = document.querySelector("textarea[data-rich]");
if (list && button && area) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (window.TinyMDE) area.dispatchEvent(new CustomEvent("insert", { detail: list.value }));
    else area.setRangeText(list.value, area.selectionStart, area.selectionEnd, "end");
  });
}
