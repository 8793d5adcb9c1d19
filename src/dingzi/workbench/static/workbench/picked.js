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

if (bar) {
  document.addEventListener("change", (event) => event.target.name === "pick" && offer());
  addEventListener("pageshow", offer);
  offer();
}
