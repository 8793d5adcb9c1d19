// input[type=file][data-photos]: shows what was chosen, lets one be taken out again.
// data-max: how many; data-bytes: how large one may be. The server checks again.
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

for (const input of document.querySelectorAll("input[type=file][data-photos]")) {
  const list = document.createElement("ul");
  list.className = "shots";
  list.setAttribute("aria-live", "polite");
  // a button of ours instead of the browser's, which speaks the browser's language
  const button = input.parentElement.querySelector("[data-photo-button]");
  if (button) {
    button.hidden = false;
    input.classList.add("vh");
  }
  (button ?? input).after(list);
  let chosen = [];

  const keep = () => {
    const box = new DataTransfer();
    for (const file of chosen) box.items.add(file);
    input.files = box.files;
  };

  const show = () => {
    list.replaceChildren();
    chosen.forEach((file, at) => {
      const item = document.createElement("li");
      const large = input.dataset.bytes && file.size > Number(input.dataset.bytes);
      if (file.type.startsWith("image/") && !large) {
        const image = document.createElement("img");
        image.alt = file.name;
        image.src = URL.createObjectURL(file);
        image.onload = () => URL.revokeObjectURL(image.src);
        image.onerror = () => image.replaceWith(none(words.broken));
        item.append(image);
      } else item.append(none(large ? words.large : file.name.split(".").pop().toUpperCase()));
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = words.remove;
      drop.setAttribute("aria-label", `${words.remove} ${file.name}`);
      drop.addEventListener("click", () => {
        chosen.splice(at, 1);
        keep();
        show();
        input.focus();
      });
      item.append(file.name.length > 14 ? `${file.name.slice(0, 12)}…` : file.name, drop);
      list.append(item);
    });
  };

  const add = () => {
    const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
    for (const file of input.files) if (!chosen.some((c) => same(c, file))) chosen.push(file);
    chosen = chosen.slice(0, Number(input.dataset.max) || undefined);
    keep();
    show();
  };
  input.addEventListener("change", add);
  add(); // what was chosen before this ran
}

function none(text) {
  const box = document.createElement("span");
  box.className = "none";
  box.textContent = text;
  return box;
}
