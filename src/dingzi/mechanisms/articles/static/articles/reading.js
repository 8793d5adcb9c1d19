// Keeps the code "read on" at the block that the reader is at; offers what the device has for sharing.
const code = document.querySelector("img[data-go-on]");
const blocks = [...document.querySelectorAll(".text > [id^=p]")];
if (code && blocks.length) {
  const begin = code.dataset.goOn;
  let seen = 0;
  const at = () => {
    const line = innerHeight / 3;
    let now = 0;
    for (const [place, block] of blocks.entries())
      if (block.getBoundingClientRect().top < line) now = place + 1;
    // past the text the code itself is what one looks at: it keeps the last block read
    const end = blocks.at(-1).getBoundingClientRect().bottom;
    if (end < 0 || now === seen) return;
    seen = now;
    code.src = begin.replace(/qr-\d+\.svg$/, `qr-${now}.svg`);
  };
  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(at, 150);
  }, { passive: true });
}
const share = document.querySelector("[data-share]");
if (share && (navigator.share || navigator.clipboard)) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const { share: url, title, done } = share.dataset;
    try {
      if (navigator.share) await navigator.share({ title, url });
      else {
        await navigator.clipboard.writeText(url);
        share.textContent = done;
      }
    } catch { /* the reader changed his mind */ }
  });
}
