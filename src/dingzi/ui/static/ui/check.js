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
  const made = (tag, more) => Object.assign(document.createElement(tag), more);
  const line = (text) => made("li", { textContent: text });

  async function tile(path) {
    let answer = { ok: false };
    try {
      answer = await fetch(given.at + path, { cache: path === "checkpoint" ? "no-cache" : "default" });
      // A partial tile that has become full is removed: it is how the full one begins.
      if (!answer.ok && path.includes(".p/")) answer = await fetch(given.at + path.split(".p/")[0]);
    } catch (error) { /* no network: said below */ }
    if (!answer.ok) throw Object.assign(new Error(path), { unreached: true });
    return new Uint8Array(await answer.arrayBuffer());
  }

  const several = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const written = (value) => typeof value === "string" ? value : JSON.stringify(value, null, 1);

  // In which published figures the case is counted: the site says it to who has number and pseudonym.
  async function counting(found) {
    const [first] = found.acts, name = first && first.leaf.matter;
    if (!name) return [];
    try {
      const asked = new URLSearchParams({ number: found.number, matter: name });
      const answer = await fetch(`${given.where}?${asked}`, { headers: { "Accept-Language": given.language } });
      if (!answer.ok) return [];
      const told = await answer.json(), list = made("ul", { className: "links" });
      for (const one of told.figures) {
        const item = made("li");
        item.append(made("a", { href: one.url, textContent: one.title }), made("small", { textContent: one.period }));
        list.append(item);
      }
      return [made("p", { textContent: told.figures.length ? told.words : told.none }), list];
    } catch (error) { return []; /* no network */ }
  }

  // A signed reference opens the case itself; what follows # reaches no server's log.
  const opening = (text) => made("a", { href: `${given.open}#${text.trim().replace(/^.*#/, "")}`, textContent: given.opens });

  // The label is the proof's own and nobody signed it: the name that was committed to stands beside.
  function opened(text, acts) {
    const table = made("dl", { className: "facts-list lined" });
    const labels = JSON.parse(text).acts.map((act) => act.opened);
    acts.forEach((act, i) => labels[i].filter((one) => Object.hasOwn(act.opened, one.field)).forEach((one) => {
      const value = act.opened[one.field];
      for (const [name, part] of several(value) ? Object.entries(value) : [["", value]]) {
        const row = made("div"), field = made("dt", { textContent: `${i + 1}. ${given.language === "en" ? one.en : one.zh}` });
        field.append(made("small", { textContent: name ? `${one.field}: ${name}` : one.field }));
        row.append(field, made("dd", { textContent: written(part) }));
        table.append(row);
      }
    }));
    return table;
  }

  // Several may be asked for before the first is answered: only the last one says anything.
  let asked = 0;

  async function check(text, mine) {
    const found = proof.check(text, given.log, given.promise, new Date());
    result.hidden = false;
    result.dataset.verdict = found.verdict;
    result.querySelector("[data-title]").textContent = given.verdicts[found.verdict];
    const list = result.querySelector("[data-findings]");
    list.replaceChildren(...found.findings.map((one) => line(say(one))));
    result.querySelector("[data-opened]").replaceChildren(...(found.acts.length ? [opened(text, found.acts)] : []));
    const counted = result.querySelector("[data-counted]");
    counted.replaceChildren(...(found.verdict === "signed" ? [opening(text)] : []));
    if (found.verdict !== "sealed" && found.verdict !== "promised") return;
    const figures = await counting(found);
    if (mine !== asked) return;
    counted.replaceChildren(...figures);
    if (!found.acts.some((act) => act.index !== null)) return;
    let now;
    try {
      now = await proof.now(found, given.log, tile);
      if (mine !== asked) return;
    } catch (error) {
      if (mine !== asked) return;
      list.append(line(say([error.unreached ? "proof_offline" : "proof_head", {}])));
      if (error.unreached) return;
      now = { ok: false };
    }
    if (now.size) list.append(line(say([now.ok ? "proof_now" : "proof_gone", { head: now.size }])));
    if (now.ok) return;
    counted.replaceChildren();
    result.dataset.verdict = "differs";
    result.querySelector("[data-title]").textContent = given.verdicts.differs;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const mine = ++asked, file = form.elements.file.files[0];
    const text = file ? await file.text() : form.elements.text.value;
    if (mine === asked) await check(text, mine);
  });
})();
