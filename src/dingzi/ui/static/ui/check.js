// The page that checks a full proof: reads it, shows what proof.js finds, asks the log how it is now.
(() => {
  "use strict";
  const form = document.querySelector("[data-proof]");
  const given = JSON.parse(document.getElementById("check").textContent);
  const result = document.querySelector("[data-result]");
  const zone = { timeZone: "Asia/Shanghai", dateStyle: "long", timeStyle: "short" };
  const tongue = given.language === "en" ? "en-GB" : "zh-CN";

  const shown = (value) => typeof value === "number" ? value.toLocaleString(tongue)
    : value instanceof Date ? new Intl.DateTimeFormat(tongue, zone).format(value) : String(value);
  const say = ([code, params]) => given.words[code].replace(/\{(\w+)[^}]*\}/g, (_, name) => shown(params[name]));
  const line = (text) => Object.assign(document.createElement("li"), { textContent: text });

  async function tile(path) {
    let answer = { ok: false };
    try {
      answer = await fetch(given.at + path, { cache: path === "checkpoint" ? "no-cache" : "default" });
    } catch (error) { /* no network: said below */ }
    if (!answer.ok) throw Object.assign(new Error(path), { unreached: true });
    return new Uint8Array(await answer.arrayBuffer());
  }

  // The label is the proof's own and nobody signed it: the name that was committed to stands beside.
  function opened(text, acts) {
    const table = document.createElement("dl");
    const labels = JSON.parse(text).acts.map((act) => act.opened);
    acts.forEach((act, i) => labels[i].filter((one) => Object.hasOwn(act.opened, one.field)).forEach((one) => {
      const value = act.opened[one.field];
      table.append(
        Object.assign(document.createElement("dt"), { textContent: `${i + 1}. ${given.language === "en" ? one.en : one.zh} (${one.field})` }),
        Object.assign(document.createElement("dd"), { textContent: typeof value === "object" ? JSON.stringify(value, null, 1) : String(value) }),
      );
    }));
    return table;
  }

  async function check(text) {
    const found = proof.check(text, given.log, given.promise, new Date());
    result.hidden = false;
    result.dataset.verdict = found.verdict;
    result.querySelector("[data-title]").textContent = given.verdicts[found.verdict];
    const list = result.querySelector("[data-findings]");
    list.replaceChildren(...found.findings.map((one) => line(say(one))));
    result.querySelector("[data-opened]").replaceChildren(...(found.acts.length ? [opened(text, found.acts)] : []));
    if (found.verdict !== "sealed" && found.verdict !== "promised") return;
    if (!found.acts.some((act) => act.index !== null)) return;
    let now;
    try {
      now = await proof.now(found, given.log, tile);
    } catch (error) {
      list.append(line(say([error.unreached ? "proof_offline" : "proof_head", {}])));
      if (error.unreached) return;
      now = { ok: false };
    }
    if (now.size) list.append(line(say([now.ok ? "proof_now" : "proof_gone", { head: now.size }])));
    if (now.ok) return;
    result.dataset.verdict = "differs";
    result.querySelector("[data-title]").textContent = given.verdicts.differs;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.elements.file.files[0];
    await check(file ? await file.text() : form.elements.text.value);
  });
})();
