"use strict";
// The filter: words, and keys with a value, all of which must hold.

// fields are the keys besides the settings: how a row's value is compared and shown.
const fields = {
  name: { get: r => r.name, show: r => r.name },
  state: { get: r => r.state, show: r => r.state },
  test: { get: r => r.test_accuracy, show: r => percent(r.test_accuracy), share: true, high: true, label: "test" },
  validation: { get: r => r.validation_accuracy, show: r => percent(r.validation_accuracy), share: true, high: true },
  train: { get: r => r.train_accuracy, show: r => percent(r.train_accuracy), share: true, high: true },
  "test-loss": { get: r => r.test_loss, show: r => loss(r.test_loss), low: true },
  "validation-loss": { get: r => r.validation_loss, show: r => loss(r.validation_loss), low: true },
  "train-loss": { get: r => r.train_loss, show: r => loss(r.train_loss), low: true },
  done: { get: r => r.epoch, show: r => r.epochs ? `${r.epoch}/${r.epochs}` : "–", label: "epochs done" },
  best: { get: r => r.best_epoch || null, show: r => r.best_epoch || "–", label: "best epoch" },
  "images/s": { get: r => r.images_per_second, show: r => whole(r.images_per_second), high: true },
  seconds: { get: r => r.seconds, show: r => duration(r.seconds), label: "trained in" },
  parameters: { get: r => r.parameters || null, show: r => whole(r.parameters || null) },
  device: { get: r => r.device || null, show: r => r.device || "–" },
  started: { get: r => when(r.started), show: r => when(r.started) },
  note: { get: r => r.note || null, show: r => r.note || "" },
  tag: { get: r => (r.tags || []).join(" ") || null, show: r => (r.tags || []).join(" ") },
};
// A setting that has the name of a result is asked for as set.NAME.
const isSetting = key => !(key in fields);
const settingOf = key => key.startsWith("set.") ? key.slice(4) : key;
const valueOf = (row, key) => key in fields ? fields[key].get(row) : row.config[settingOf(key)] ?? null;
const shownOf = (row, key) => key in fields ? fields[key].show(row) : row.config[settingOf(key)] || "–";

const token = /(-?)(?:([^\s=<>!~"]+)(>=|<=|!=|=|<|>|~)("[^"]*"|\S*)|"([^"]*)"|(\S+))/g;

// parseFilter is the conditions of a filter's text.
function parseFilter(text) {
  const list = [];
  for (const m of text.matchAll(token)) {
    const not = m[1] === "-";
    if (m[2] === undefined) {
      const word = (m[5] ?? m[6]).toLowerCase();
      if (word) list.push({ not, word });
    } else if (m[4] !== "") {
      list.push({ not, key: keyOf(m[2]), op: m[3], want: m[4].replace(/^"|"$/g, "") });
    }
  }
  return list;
}

const aliases = { val: "validation", "val-loss": "validation-loss", "test-accuracy": "test", "validation-accuracy": "validation", accuracy: "test", speed: "images/s", tags: "tag", epoch: "done" };
const keyOf = name => aliases[name.toLowerCase()] || name.toLowerCase();

function matches(row, conditions) {
  return conditions.every(c => (c.word !== undefined ? hasWord(row, c.word) : holds(row, c)) !== c.not);
}

const hasWord = (row, word) => [row.name, row.config.model, row.state, row.note, ...(row.tags || [])].some(t => t && t.toLowerCase().includes(word));

function holds(row, c) {
  if (c.key === "tag" && (c.op === "=" || c.op === "!=")) return (row.tags || []).some(t => same(t, c.want)) === (c.op === "=");
  let have = valueOf(row, c.key), want = c.want;
  if (have === null || have === undefined) return c.op === "!=";
  if (fields[c.key]?.share) {
    have = Number((100 * have).toFixed(2)); // as it is shown
    want = want.replace(/%$/, "");
    if (isNumber(want) && Math.abs(want) <= 1) want = String(100 * want);
  }
  switch (c.op) {
    case "~": return String(have).toLowerCase().includes(want.toLowerCase());
    case "=": return same(String(have), want);
    case "!=": return !same(String(have), want);
  }
  const order = compareText(String(have), want);
  if (isNumber(have) !== isNumber(want)) return false;
  return c.op === ">" ? order > 0 : c.op === ">=" ? order >= 0 : c.op === "<" ? order < 0 : order <= 0;
}

function same(a, b) {
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (b.includes("*")) return new RegExp("^" + b.split("*").map(p => p.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*") + "$", "i").test(a);
  return a.toLowerCase() === b.toLowerCase();
}

// settingNames is the settings of all runs.
function settingNames() {
  const names = new Set();
  for (const r of S.rows.values()) for (const k in r.config) names.add(k in fields ? "set." + k : k);
  return [...names].sort();
}

// complete is what may stand where the cursor is: [start, list of {text, about}].
function completions(text, cursor) {
  const start = text.slice(0, cursor).search(/\S*$/), typed = text.slice(start, cursor).replace(/^-/, "");
  const at = start + (text[start] === "-" ? 1 : 0);
  const m = typed.match(/^([^=<>!~"]+)(>=|<=|!=|=|<|>|~)(.*)$/);
  if (!m) {
    const keys = [...Object.keys(fields), ...settingNames()];
    const found = keys.filter(k => k.startsWith(typed.toLowerCase())).concat(typed.length > 1 ? keys.filter(k => k.indexOf(typed.toLowerCase()) > 0) : []);
    return [at, found.slice(0, 12).map(k => ({ text: k + (numeric(k) ? ">" : "="), about: examples(k) }))];
  }
  const key = keyOf(m[1]), counts = valuesOf(key);
  const list = [...counts].filter(([v]) => v.toLowerCase().startsWith(m[3].replace(/^"/, "").toLowerCase()) && v !== m[3]);
  list.sort((a, b) => numeric(key) ? compareText(a[0], b[0]) : b[1] - a[1]);
  return [at, list.slice(0, 12).map(([v, n]) => ({ text: m[1] + m[2] + (/\s/.test(v) ? `"${v}"` : v) + " ", about: n === 1 ? "1 run" : n + " runs" }))];
}

function valuesOf(key) {
  const counts = new Map();
  for (const r of S.rows.values()) {
    const list = key === "tag" ? r.tags || [] : [fields[key]?.share ? fields[key].show(r).replace(/ %$/, "") : valueOf(r, key)];
    for (const v of list) if (v !== null && v !== undefined && v !== "" && v !== "–") counts.set(String(v), (counts.get(String(v)) || 0) + 1);
  }
  return counts;
}

function numeric(key) {
  for (const r of S.rows.values()) {
    const v = valueOf(r, key);
    if (v !== null && v !== undefined && v !== "") return isNumber(v);
  }
  return false;
}

function examples(key) {
  const all = [...valuesOf(key).keys()].sort(compareText);
  return all.length > 3 && numeric(key) ? `${all[0]} … ${all[all.length - 1]}` : all.slice(0, 3).join(", ") + (all.length > 3 ? ", …" : "");
}

// listed is the rows that the filter lets through, in the order of the table.
function listed() {
  const conditions = parseFilter(S.filter), hiddenToo = S.showHidden;
  const list = [];
  for (const r of S.rows.values()) if ((hiddenToo || !r.hidden) && matches(r, conditions)) list.push(r);
  const sign = S.down ? -1 : 1;
  const keys = new Map(list.map(r => [r, valueOf(r, S.sort)]));
  return list.sort((a, b) => {
    const x = keys.get(a), y = keys.get(b), gone = v => v === null || v === undefined || v === "";
    if (gone(x) || gone(y)) return gone(x) - gone(y);
    return sign * compareText(x, y) || (a.name < b.name ? -1 : 1);
  });
}

// implied reports whether some runs lack a setting, and the network or the optimizer says
// which and what it is in the others: filters where all networks that have some have the same.
function implied(rows, key) {
  const k = settingOf(key);
  if (rows.every(r => k in r.config)) return false;
  return ["model", "optimizer"].some(by => {
    const known = new Map();
    return by !== k && rows.every(r => {
      const of = r.config[by];
      if (!known.has(of)) known.set(of, r.config[k]);
      return known.get(of) === r.config[k];
    });
  });
}

// varying is the settings in which these runs differ, the ones that say most about a
// training first and those that others imply last.
const first = ["model", "lr", "optimizer", "batch", "hidden", "filters", "units", "activation", "schedule", "weight-decay", "dropout", "l2", "augment", "seed"];
const aside = new Set(["out", "config", "checkpoint", "weights", "resume", "data-hash", "json", "quiet"]);
function varying(rows) {
  const seen = new Map();
  for (const r of rows) for (const k in r.config) {
    if (!seen.has(k)) seen.set(k, new Set());
    seen.get(k).add(r.config[k]);
  }
  const names = [...seen.keys()].filter(k => !aside.has(k) && (seen.get(k).size > 1 || rows.some(r => !(k in r.config))));
  const rank = Object.fromEntries(names.map(k => [k, (implied(rows, k) ? 200 : 0) + (first.includes(k) ? first.indexOf(k) : 100)]));
  return names.sort((a, b) => rank[a] - rank[b] || (a < b ? -1 : 1)).map(k => k in fields ? "set." + k : k);
}
