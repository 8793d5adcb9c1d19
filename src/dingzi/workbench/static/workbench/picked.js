// The bar of bulk acts offers only what every picked line allows (data-acts on its checkbox).
const bar = document.querySelector("[data-picked]");

function offer() {
  const boxes = [...document.querySelectorAll("input[name=pick]:checked")];
  let left = 0;
  for (const button of bar.querySelectorAll("[data-offer]")) {
    const fits = boxes.every((box) => (box.dataset.acts ?? "").split(" ").includes(button.dataset.offer));
    button.hidden = !fits;
    button.classList.toggle("line", fits && left > 0);
    left += fits;
  }
  bar.querySelector("[data-none]").hidden = left > 0;
}

const all = document.querySelector("[data-pick-all]");

if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=pick]")) {
      box.checked = all.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

if (bar) {
  document.addEventListener("change", (event) => event.target.name === "pick" && offer());
  addEventListener("pageshow", offer);
  offer();
}
