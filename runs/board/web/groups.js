"use strict";
// Groups of runs that differ in one setting only, as the seed: means with their spread,
// and parallel coordinates of all.

const results = {
  test: { label: "test accuracy, %", get: r => r.test_accuracy === null ? null : 100 * r.test_accuracy, high: true },
  validation: { label: "validation accuracy, %", get: r => r.validation_accuracy === null ? null : 100 * r.validation_accuracy, high: true },
  "validation-loss": { label: "validation loss", get: r => r.validation_loss },
  train: { label: "training accuracy, %", get: r => r.train_accuracy === null ? null : 100 * r.train_accuracy, high: true },
};
const groupMetrics = { validation_accuracy: "Validation accuracy, %", validation_loss: "Validation loss", train_accuracy: "Training accuracy, %", train_loss: "Training loss" };

const given = v => v !== null && v !== undefined && v !== "";

// groupsOf puts together the rows that differ in one setting only.
function groupsOf(rows, over) {
  const keys = varying(rows).filter(k => k !== over && !["data", "backend", "device"].includes(k));
  const found = new Map(), hinted = new Set(keys.filter(k => implied(rows, k)));
  for (const r of rows) {
    const id = JSON.stringify(keys.map(k => valueOf(r, k)));
    if (!found.has(id)) found.set(id, { label: keys.filter(k => given(valueOf(r, k)) && !hinted.has(k)).map(k => `${settingOf(k)} ${shownOf(r, k)}`).join(", ") || "all runs", rows: [] });
    found.get(id).rows.push(r);
  }
  return [...found.values()];
}

// statistics is the mean of values and their standard deviation, of a sample.
function statistics(values) {
  const list = values.filter(v => v !== null && v !== undefined), n = list.length;
  if (!n) return { n, mean: null, sd: null };
  const mean = list.reduce((a, b) => a + b, 0) / n;
  return { n, mean, sd: n > 1 ? Math.sqrt(list.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1)) : null, min: Math.min(...list), max: Math.max(...list) };
}

const withSpread = s => s.mean === null ? "–" : s.mean.toFixed(2) + (s.sd === null ? "" : ` ± ${s.sd.toFixed(2)}`);

// bandsOf is uPlot's data of the groups: mean, upper and lower edge of each.
function bandsOf(groups, metric) {
  const scale = metric.endsWith("accuracy") ? 100 : 1, data = [], epochs = new Set(), all = [];
  for (const g of groups) {
    const by = new Map();
    for (const r of g.rows) {
      const c = curves(r.name);
      if (c && c.epoch) c.epoch.forEach((e, i) => { if (c[metric][i] !== null) { if (!by.has(e)) by.set(e, []); by.get(e).push(scale * c[metric][i]); } });
    }
    for (const e of by.keys()) epochs.add(e);
    all.push(by);
  }
  const x = [...epochs].sort((a, b) => a - b);
  data.push(x);
  for (const by of all) {
    const s = x.map(e => statistics(by.get(e) || []));
    data.push(s.map(v => v.mean), s.map(v => v.sd === null ? v.mean : v.mean + v.sd), s.map(v => v.sd === null ? v.mean : v.mean - v.sd));
  }
  return data;
}

async function drawGroups() {
  const rows = rowsNow, has = key => rows.some(r => results[key].get(r) !== null);
  const choices = Object.keys(results).filter(has);
  if (!choices.includes(S.result)) S.result = choices[0] || "train";
  const overs = varying(rows);
  if (!overs.includes(S.over)) S.over = overs.includes("seed") ? "seed" : "";
  const lines = Object.keys(groupMetrics);
  if (!lines.includes(S.groupMetric)) S.groupMetric = rows.some(r => r.validation_accuracy !== null) ? "validation_accuracy" : "train_accuracy";
  const option = (v, text, now) => `<option value="${esc(v)}"${v === now ? " selected" : ""}>${esc(text)}</option>`;
  $("group-tools").innerHTML = `<label>Result <select id="g-result">${choices.map(k => option(k, results[k].label, S.result)).join("")}</select></label>
<label>Mean over <select id="g-over">${[["", "nothing"], ...overs.map(k => [k, settingOf(k)])].map(([k, t]) => option(k, t, S.over)).join("")}</select></label>
<label>Curve <select id="g-metric">${lines.map(k => option(k, groupMetrics[k], S.groupMetric)).join("")}</select></label>
<span class="soft">${rows.length} runs; drag along an axis to filter</span>`;
  for (const [id, key] of [["g-result", "result"], ["g-over", "over"], ["g-metric", "groupMetric"]]) $(id).onchange = e => { S[key] = e.target.value; changed(); };
  drawParallel(rows);
  const high = results[S.result].high, groups = groupsOf(rows, S.over).map(g => ({ ...g, result: statistics(g.rows.map(results[S.result].get)) }));
  groups.sort((a, b) => a.result.mean === null ? 1 : b.result.mean === null ? -1 : high ? b.result.mean - a.result.mean : a.result.mean - b.result.mean);
  const top = groups.filter(g => g.rows.some(r => r.epoch > 0)).slice(0, 6);
  top.forEach((g, i) => { g.colour = palette()[i]; });
  $("group-table").innerHTML = `<table class="diff"><thead><tr><th scope="col">group</th><th scope="col" class="number">runs</th><th scope="col" class="number">${esc(results[S.result].label)}</th><th scope="col" class="number">range</th></tr></thead><tbody>${groups.slice(0, 100).map(g => `<tr><th scope="row"><span class="swatch" data-colour="${g.colour || "transparent"}"></span>${esc(g.label)}</th><td class="number">${g.rows.length}</td><td class="number">${withSpread(g.result)}</td><td class="number">${g.result.n > 1 ? `${g.result.min.toFixed(2)}–${g.result.max.toFixed(2)}` : "–"}</td></tr>`).join("")}</tbody></table>
<p class="soft">Mean ± standard deviation of the runs of a group.${groups.length > 100 ? ` The first 100 of ${groups.length} groups.` : ""}</p>`;
  for (const s of $("group-table").querySelectorAll("[data-colour]")) s.style.background = s.dataset.colour;
  const draw = () => drawBands(top);
  const names = top.flatMap(g => g.rows.map(r => r.name));
  if (frozen || names.every(n => cache.has(n))) draw();
  try { if (await fetchCurves(names) && S.tab === "groups") draw(); } catch (e) { failed(e); }
}

// drawBands draws the groups' means with a band of one standard deviation.
function drawBands(groups) {
  const data = bandsOf(groups, S.groupMetric), series = [], bands = [];
  groups.forEach((g, i) => {
    const stroke = g.colour, edge = { label: g.label, part: "± 1 s.d.", stroke: "transparent", width: 0, faint: true, points: { show: false }, spanGaps: true };
    series.push({ label: g.label, part: "mean", stroke, width: 2, spanGaps: true, points: { show: false } }, edge, edge);
    bands.push({ series: [3 * i + 2, 3 * i + 3], fill: stroke + "30" });
  });
  const log = S.log, x = S.x;
  S.log = false; S.x = "epoch";
  metrics.group = { label: groupMetrics[S.groupMetric] };
  drawChart($("group-chart"), "group", groups.map(g => ({ name: g.label + S.groupMetric, part: "", colour: g.colour })), [], { data, series, bands, height: 300, empty: "no run has this" });
  S.log = log; S.x = x;
}

// axisOf is an axis of the parallel coordinates: where a value is on it, from 0 to 1.
function axisOf(label, key, values) {
  const known = values.filter(given), some = known.length < values.length, numbers = known.every(isNumber) && known.length > 0;
  if (numbers) {
    const list = known.map(Number), min = Math.min(...list), max = Math.max(...list), log = min > 0 && max / min >= 5;
    const f = log ? Math.log : v => v, span = f(max) - f(min) || 1;
    const distinct = [...new Set(list)].sort((a, b) => a - b);
    const ticks = distinct.length <= 7 ? distinct : [0, 0.25, 0.5, 0.75, 1].map(t => log ? Math.exp(f(min) + t * span) : min + t * span);
    return { label, key, some, at: v => !given(v) ? null : max === min ? 0.5 : (f(Number(v)) - f(min)) / span, value: t => log ? Math.exp(f(min) + t * span) : min + t * span, ticks: ticks.map(v => [max === min ? 0.5 : (f(v) - f(min)) / span, distinct.length <= 7 ? short(v) : short(Number(v.toPrecision(3)))]) };
  }
  const list = [...new Set(known)].sort(compareText), place = v => list.length > 1 ? list.indexOf(v) / (list.length - 1) : 0.5;
  return { label, key, some, at: v => known.includes(v) ? place(v) : null, list, ticks: list.length <= 12 ? list.map(v => [place(v), v.length > 14 ? v.slice(0, 13) + "…" : v]) : [] };
}

let parallel = null; // what is drawn: axes with their places, and a line a run

function drawParallel(rows) {
  const canvas = $("parallel").querySelector("canvas"), width = $("parallel").clientWidth, height = innerWidth < 700 ? 220 : 250;
  const settings = varying(rows).filter(k => k !== "data" && !implied(rows, k)).slice(0, innerWidth < 700 ? 3 : 7), result = results[S.result];
  const drawn = [...settings.map(k => axisOf(settingOf(k), k, rows.map(r => valueOf(r, k)))), axisOf(result.label, S.result, rows.map(result.get))];
  parallel = layParallel(canvas, width, height, drawn, rows.map(r => ({ row: r, values: [...settings.map(k => valueOf(r, k)), result.get(r)] })));
  paintParallel();
}

// layParallel places axes and a line for each of what has values; the last is the result.
function layParallel(canvas, width, height, drawn, all) {
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const missing = drawn.slice(0, -1).some(a => a.some), none = height - 12; // where what has no value is
  const left = 40, right = 70, top = 34, bottom = missing ? 34 : 12;
  drawn.forEach((a, i) => { a.x = drawn.length > 1 ? left + i * (width - left - right) / (drawn.length - 1) : width / 2; });
  const last = drawn.length - 1, y = t => top + (1 - t) * (height - top - bottom);
  const lines = all.map(({ row, values }) => ({ row, score: drawn[last].at(values[last]), points: drawn.map((a, i) => { const t = a.at(values[i]); return t !== null ? [a.x, y(t)] : i < last ? [a.x, none] : null; }) }));
  lines.sort((a, b) => (a.score ?? -1) - (b.score ?? -1));
  return { canvas, axes: drawn, lines, y, none, top, bottom, height, width, over: null, brush: null };
}

function paintParallel(p = parallel) {
  const c = p.canvas.getContext("2d");
  c.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  c.clearRect(0, 0, p.width, p.height);
  const path = l => { c.beginPath(); let pen = false; for (const q of l.points) { if (!q) { pen = false; continue; } pen ? c.lineTo(...q) : c.moveTo(...q); pen = true; } c.stroke(); };
  c.lineWidth = p.lines.length > 100 ? 1 : 1.6;
  c.globalAlpha = p.over ? 0.15 : p.lines.length > 100 ? 0.55 : 0.85;
  for (const l of p.lines) { c.strokeStyle = l.score === null ? ink("soft") : ramp(l.score); path(l); }
  c.globalAlpha = 1;
  if (p.over) { c.lineWidth = 3; c.strokeStyle = ink("accent"); path(p.over); }
  c.font = "12px system-ui, sans-serif";
  for (const a of p.axes) {
    const end = a === p.axes[p.axes.length - 1], start = a === p.axes[0];
    c.strokeStyle = ink("text");
    c.lineWidth = 1;
    c.beginPath(); c.moveTo(a.x, p.top); c.lineTo(a.x, p.height - p.bottom); c.stroke();
    c.fillStyle = ink("text");
    c.textAlign = end && !start ? "right" : start ? "left" : "center";
    c.font = "600 12px system-ui, sans-serif";
    c.fillText(a.label, end && !start ? p.width - 4 : start ? 4 : a.x, 14);
    c.font = "12px system-ui, sans-serif";
    c.textAlign = "left";
    if (a.some && !end) {
      c.setLineDash([2, 3]);
      c.beginPath(); c.moveTo(a.x, p.height - p.bottom); c.lineTo(a.x, p.none); c.stroke();
      c.setLineDash([]);
      c.fillText("none", a.x + 6, p.none + 4);
    }
    const taken = []; // heights of labels: one that would lie on another is left out
    for (const [t, text] of a.ticks) {
      if (taken.some(y => Math.abs(y - p.y(t)) < 12)) continue;
      taken.push(p.y(t));
      const w = c.measureText(text).width;
      c.fillStyle = ink("page");
      c.globalAlpha = 0.8;
      c.fillRect(a.x + 4, p.y(t) - 7, w + 4, 14);
      c.globalAlpha = 1;
      c.fillStyle = ink("text");
      c.fillText(text, a.x + 6, p.y(t) + 4);
    }
  }
  if (p.brush) {
    c.fillStyle = ink("accent");
    c.globalAlpha = 0.3;
    c.fillRect(p.brush.axis.x - 8, Math.min(p.brush.from, p.brush.to), 16, Math.abs(p.brush.to - p.brush.from));
    c.globalAlpha = 1;
  }
}

// nearest is the line under the pointer.
function nearest(x, y, p = parallel) {
  let best = null, distance = 8;
  for (const l of p.lines) for (let i = 0; i + 1 < l.points.length; i++) {
    const a = l.points[i], b = l.points[i + 1];
    if (!a || !b || x < a[0] || x > b[0]) continue;
    const d = Math.abs(a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]) - y);
    if (d < distance) { distance = d; best = l; }
  }
  return best;
}

// brushed filters by what was marked on an axis.
function brushed(b) {
  const p = parallel, t = y => 1 - (y - p.top) / (p.height - p.top - p.bottom);
  const low = t(Math.max(b.from, b.to)), high = t(Math.min(b.from, b.to)), key = b.axis.key;
  const rest = S.filter.split(/\s+/).filter(w => !(w.startsWith(key) && /^(>=|<=|=)/.test(w.slice(key.length)))).join(" ");
  let text;
  if (b.axis.list) {
    const inside = b.axis.list.filter(v => b.axis.at(v) >= low - 0.02 && b.axis.at(v) <= high + 0.02);
    if (inside.length !== 1) { paintParallel(); toast("Mark one value of this axis"); return; }
    text = `${key}=${/\s/.test(inside[0]) ? `"${inside[0]}"` : inside[0]}`;
  } else {
    const round = v => String(Number(v.toPrecision(4)));
    text = `${key}>=${round(b.axis.value(Math.max(low, 0)))} ${key}<=${round(b.axis.value(Math.min(high, 1)))}`;
  }
  setFilter(`${rest} ${text}`.trim());
}

function parallelEvents() {
  const canvas = $("parallel").querySelector("canvas"), place = e => { const b = canvas.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
  canvas.onpointerdown = e => {
    const [x, y] = place(e), axis = parallel?.axes.find(a => Math.abs(a.x - x) < 16);
    if (axis) { parallel.brush = { axis, from: y, to: y }; canvas.setPointerCapture(e.pointerId); e.preventDefault(); }
  };
  canvas.onpointermove = e => {
    const [x, y] = place(e), p = parallel;
    if (!p) return;
    if (p.brush) { p.brush.to = Math.min(Math.max(y, p.top), p.height - p.bottom); paintParallel(); return; }
    const l = nearest(x, y);
    canvas.style.cursor = p.axes.some(a => Math.abs(a.x - x) < 16) ? "ns-resize" : l ? "pointer" : "default";
    if (l !== p.over) { p.over = l; paintParallel(); }
    tip(l ? `<b>${esc(l.row.name)}</b><br>${p.axes.map((a, i) => `${esc(a.label)} <b>${esc(i < p.axes.length - 1 ? shownOf(l.row, a.key) : short(results[S.result].get(l.row)))}</b>`).join("<br>")}` : "", e.clientX, e.clientY);
  };
  canvas.onpointerup = e => {
    if (!parallel) return;
    const b = parallel.brush;
    parallel.brush = null;
    if (b && Math.abs(b.to - b.from) > 4) brushed(b);
    else if (parallel.over) open(parallel.over.row.name);
  };
  canvas.onpointerleave = () => { tip(""); if (parallel && parallel.over) { parallel.over = null; paintParallel(); } };
}
