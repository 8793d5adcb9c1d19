// Menus are <details>: they work without this; here they also close by Escape and outside presses.
const menus = () => document.querySelectorAll("details.menu[open], details.post[open], details.drop[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
