// Checks a full proof, in the browser alone; the same as dingzi/ledger/checking.py. Classic script:
// a saved page opened from a disk runs it too. Needs vendor/noble.js.
var proof = (() => {
  "use strict";
  const FORM = "dingzi receipt 1", PROMISE = "dingzi promise 1", TAG = "dingzi commitment 1\n";
  const utf8 = (text) => new TextEncoder().encode(text);
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const base64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const hex = (text) => {
    if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("hex");
    return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  };
  const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const int32 = (n) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
  const leaf = (entry) => noble.sha256(join(Uint8Array.of(0), entry));
  const node = (left, right) => noble.sha256(join(Uint8Array.of(1), left, right));

  // A key is NAME+HASH+BASE64(kind, 32 bytes).
  function key(vkey) {
    const [, name, id, code] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
    return { name, id, public: base64(code).slice(1) };
  }

  // The keys whose signatures count: the one in use, and earlier ones.
  const keys = (vkeys) => vkeys.map(key);

  // Return the text of a note that one of the keys signed; throw where none did.
  function open(note, by) {
    const cut = note.lastIndexOf("\n\n");
    const text = note.slice(0, cut + 1);
    for (const line of note.slice(cut + 2).split("\n")) {
      const [, name, code] = /^— (\S+) (\S+)$/.exec(line) || [];
      const signed = code ? base64(code) : new Uint8Array();
      const one = by.find((known) => known.name === name && known.id === toHex(signed.slice(0, 4)));
      if (one && noble.verify(signed.slice(4), utf8(text), one.public)) return text;
    }
    throw new Error("signature");
  }

  function head(note, by) {
    const [origin, size, root] = open(note, by).split("\n");
    if (origin !== by[0].name || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error("head");
    return { size: Number(size), root: base64(root) };
  }

  const bits = (n) => (n === 0 ? 0 : Math.floor(Math.log2(n)) + 1);
  const half = (n, by) => Math.floor(n / 2 ** by);
  const odd = (n) => n % 2 === 1;

  // The root to which a path of hashes leads from a leaf (RFC 6962, 2.1.1).
  function rootOf(hash, index, size, path) {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) throw new Error("index");
    let at = index, last = size - 1, top = hash;
    for (const other of path) {
      if (last === 0 || other.length !== 32) throw new Error("path");
      if (odd(at) || at === last) {
        top = node(other, top);
        while (!odd(at) && at > 0) { at = half(at, 1); last = half(last, 1); }
      } else top = node(top, other);
      at = half(at, 1);
      last = half(last, 1);
    }
    if (last !== 0) throw new Error("path");
    return top;
  }

  // The reference that a receipt's QR holds (dingzi/ledger/references.py), its signature verified.
  const REFERENCE = /^2\.([0-9A-Z]{1,10})\.[0-9A-Z]{12}\.([1-9]\d{0,8})\.([1-9]\d{0,10})\.([\w-]{22})\.([\w-]{91})$/;
  function reference(found, by) {
    const [, matter, act, until, entry, code] = found;
    const origin = by[0].name.replace(/\/promise$/, "");
    const said = `dingzi reference 1\n${origin}\n${matter}.${act}\n${entry}\n${until}\n`;
    const signed = base64(code.replace(/-/g, "+").replace(/_/g, "/"));
    const one = by.find((known) => known.id === toHex(signed.slice(0, 4)));
    const holds = one && noble.verify(signed.slice(4), utf8(said), one.public);
    return holds
      ? { verdict: "signed", findings: [["reference_signed", { act: Number(act), until: new Date(until * 1000) }]], acts: [] }
      : { verdict: "differs", findings: [["reference_differs", {}]], acts: [] };
  }

  // Return what is found: {verdict, findings: [code, params], number, head, acts}.
  function check(text, log, promise, now) {
    try {
      const scanned = REFERENCE.exec(text.trim().replace(/^.*#/, ""));
      if (scanned) return reference(scanned, keys(promise));
      const given = JSON.parse(text);
      if (given.form !== FORM || !given.acts.length) throw new Error("form");
      return whole(given, keys(log), keys(promise), now);
    } catch (error) {
      return { verdict: "unreadable", findings: [["proof_unreadable", {}]], acts: [] };
    }
  }

  const VERDICTS = ["unreadable", "differs", "late", "promised", "sealed"];

  function whole(given, log, promise, now) {
    const found = [];
    let top = null;
    if (given.checkpoint) {
      try { top = head(given.checkpoint, log); } catch (error) { found.push(["differs", ["proof_head", {}]]); }
    }
    const acts = given.acts.map((act, i) => {
      const entry = utf8(act.entry), made = JSON.parse(act.entry);
      found.push(place(act, i + 1, entry, top, promise, now));
      const opened = opening(act, made);
      if (opened.wrong.length)
        found.push(["differs", ["proof_opening", { act: i + 1, fields: opened.wrong.join(", ") }]]);
      return { leaf: made, entry, index: act.index, opened: opened.values };
    });
    const verdict = VERDICTS.find((one) => found.some(([grade]) => grade === one));
    const told = found.filter(([grade]) => grade === verdict || grade !== "sealed").map(([, reason]) => reason);
    const findings = told.filter(([code], i) => code !== "proof_head" || told.findIndex((one) => one[0] === code) === i);
    return { verdict, findings, number: String(given.number), head: top, acts };
  }

  function place(act, number, entry, top, promise, now) {
    if (act.index === null) return promised(act, number, entry, promise, now);
    if (!top) return ["differs", ["proof_head", {}]];
    try {
      if (!same(rootOf(leaf(entry), act.index, top.size, act.path.map(base64)), top.root)) throw new Error("root");
    } catch (error) {
      return ["differs", ["proof_path", { act: number }]];
    }
    return ["sealed", ["proof_sealed", { act: number, index: act.index, head: top.size }]];
  }

  function promised(act, number, entry, by, now) {
    try {
      const [form, , hash, until] = open(act.promise, by).split("\n");
      if (form !== PROMISE || !same(base64(hash), leaf(entry))) throw new Error("promise");
      const end = new Date(until);
      return end < now ? ["late", ["proof_late", { act: number, until: end }]]
        : ["promised", ["proof_promised", { act: number, until: end }]];
    } catch (error) {
      return ["differs", ["proof_promise", { act: number }]];
    }
  }

  function opening(act, made) {
    const commitments = act.commitments.map(hex);
    if (toHex(noble.sha256(join(...commitments))) !== made.commitments) return { wrong: ["*"], values: {} };
    const wrong = [], values = {};
    for (const one of act.opened) {
      const salt = hex(one.salt), name = utf8(one.field);
      const digest = noble.sha256(join(utf8(TAG), int32(salt.length), salt, int32(name.length), name, utf8(one.value)));
      if (salt.length >= 16 && commitments[one.place] && same(commitments[one.place], digest)) values[one.field] = JSON.parse(one.value);
      else wrong.push(one.field);
    }
    return { wrong, values };
  }

  // ---- against the log as it is now ----

  const pad = (n) => String(n).padStart(3, "0");
  function tilePath(level, index, width) {
    let name = pad(index % 1000);
    for (let rest = half(index, 0); (rest = Math.floor(rest / 1000)) > 0;) name = `x${pad(rest % 1000)}/${name}`;
    return `tile/${level}/${name}${width === 256 ? "" : `.p/${width}`}`;
  }

  // Read nodes of a tree of so many leaves from its tiles; get(path) returns bytes.
  function reader(size, get) {
    const kept = new Map();
    return async (height, index) => {
      const level = half(height, 3), inside = height % 8, first = index * 2 ** inside;
      const tile = Math.floor(first / 256), count = Math.floor(size / 256 ** level);
      const path = tilePath(level, tile, Math.min(256, count - tile * 256));
      if (!kept.has(path)) kept.set(path, get(path));
      const bytes = await kept.get(path), from = first % 256;
      let row = Array.from({ length: 2 ** inside }, (_, i) => bytes.slice((from + i) * 32, (from + i + 1) * 32));
      if (row.some((hash) => hash.length !== 32)) throw new Error("tile");
      while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => node(row[2 * i], row[2 * i + 1]));
      return row[0];
    };
  }

  // The root over leaves from start to end, from perfect subtrees, largest first.
  async function rootFrom(start, end, read) {
    const peaks = [];
    for (let at = start; at < end;) {
      const height = bits(end - at) - 1;
      peaks.push(await read(height, Math.floor(at / 2 ** height)));
      at += 2 ** height;
    }
    return peaks.reduceRight((right, left) => node(left, right));
  }

  async function pathFrom(index, size, read) {
    const path = [];
    let start = 0, end = size;
    while (end - start > 1) {
      const split = start + 2 ** (bits(end - start - 1) - 1);
      if (index < split) { path.push(await rootFrom(split, end, read)); end = split; }
      else { path.push(await rootFrom(start, split, read)); start = split; }
    }
    return path.reverse();
  }

  // Say whether each sealed act still stands under the newest head, by its tiles.
  async function now(checked, log, fetched) {
    const top = head(new TextDecoder().decode(await fetched("checkpoint")), keys(log));
    if (checked.head && top.size < checked.head.size) return { ok: false, size: top.size };
    const read = reader(top.size, fetched);
    for (const act of checked.acts) {
      if (act.index === null) continue;
      const path = await pathFrom(act.index, top.size, read);
      if (!same(rootOf(leaf(act.entry), act.index, top.size, path), top.root)) return { ok: false, size: top.size };
    }
    return { ok: true, size: top.size };
  }

  return { check, now };
})();
