"use strict";
// Curves over each other, drawn by uPlot.

const metrics = {
  accuracy: { label: "Accuracy, %", train: "train_accuracy", validation: "validation_accuracy", test: "test_accuracy", scale: 100 },
  loss: { label: "Loss", train: "train_loss", validation: "validation_loss", test: "test_loss" },
  "images/s": { label: "Images a second", train: "images_per_second" },
  lr: { label: "Learning rate", train: "lr" },
  gradient: { label: "Gradient norm", train: "gradient_norm" },
};
const axes = { epoch: "epoch", step: "step", seconds: "seconds of training" };
const maxPlotted = 60, maxUnchosen = 7;

// smooth is an exponential mean without its bias towards the first value.
function smooth(values, weight) {
  if (!weight) return values;
  let mean = 0, share = 0;
  return values.map(v => {
    if (v === null || v === undefined) return v;
    mean = weight * mean + (1 - weight) * v;
    share = weight * share + (1 - weight);
    return mean / share;
  });
}

// shownValue is what a metric's axis shows: of accuracies on a logarithmic axis the
// error, since they crowd at 100 %.
function shownValue(metric, v) {
  if (v === null || v === undefined) return null;
  if (metric === "accuracy") v = 100 * (S.log ? 1 - v : v);
  return S.log && v <= 0 ? null : v;
}

// linesOf is the lines of these runs for a metric: {name, part, x, y, raw}.
function linesOf(names, metric) {
  const m = metrics[metric], lines = [];
  for (const name of names) {
    const c = curves(name);
    if (!c) continue;
    for (const part of ["validation", "train"]) {
      if (!m[part] || (m.validation && !S.parts[part])) continue;
      const fine = part === "train" ? stepsOf(name, m[part]) : null;
      const x = fine ? fine.step : c[S.x] || [], values = fine ? fine[m[part]] : c[m[part]] || [];
      const y = values.map(v => shownValue(metric, v));
      if (!y.some(v => v !== null)) continue;
      lines.push({ name, part, x, y: smooth(y, S.smooth), raw: S.smooth > 0 && names.length <= 8 ? y : null });
    }
  }
  return lines;
}

// Between the epochs there are lines of steps, which few runs are shown with.
const stepCache = new Map(), maxFine = 8;

const stepsOf = (name, metric) => { const s = S.x === "step" && stepCache.get(name)?.steps; return s && s.step && s[metric] ? s : null; };

async function fetchSteps(names) {
  if (frozen || S.x !== "step" || names.length > maxFine) { stepCache.clear(); return false; }
  const old = names.filter(n => S.rows.has(n) && stepCache.get(n)?.version !== S.rows.get(n).version);
  for (const n of old) stepCache.set(n, { version: S.rows.get(n).version, steps: await ask("api/steps?run=" + encodeURIComponent(n)) });
  return old.length > 0;
}

// marksOf is the test results: at the epoch whose weights were kept.
function marksOf(names, metric) {
  const m = metrics[metric];
  if (!m.test) return [];
  return names.flatMap(name => {
    const r = S.rows.get(name), c = curves(name);
    if (!r || !c || r[m.test] === null || r[m.test] === undefined || !c.epoch) return [];
    const i = c.epoch.indexOf(r.best_epoch), x = i < 0 ? null : c[S.x][i];
    return x === null ? [] : [{ name, x, y: shownValue(metric, r[m.test]) }];
  });
}

// table joins lines to uPlot's data: the places of all, and a list of values a line.
function joined(lines) {
  const tables = lines.flatMap(l => {
    const keep = l.x.map((x, i) => i).filter(i => l.x[i] !== null);
    const of = y => [keep.map(i => l.x[i]), keep.map(i => y[i])];
    return l.raw ? [of(l.y), of(l.raw)] : [of(l.y)];
  });
  return tables.length ? uPlot.join(tables) : [[]];
}

const wholeSteps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(e => [1, 2, 5].map(d => d * 10 ** e)); // there is no half an epoch
const charts = new Map(); // by place: {plot, key, marks, lines, zoomed: false, "x", or true: in both directions}

// seriesOf describes the lines to uPlot.
function seriesOf(lines, few) {
  return lines.flatMap(l => {
    const stroke = () => l.colour || colourOf(l.name), dash = l.part === "train" ? [5, 4] : undefined;
    const main = { label: l.name, part: l.part, stroke, width: l.part === "train" ? 1.25 : 2, dash, spanGaps: true, points: { show: few && l.x.length < 3 } };
    return l.raw ? [main, { ...main, faint: true, alpha: 0.25, width: 1 }] : [main];
  });
}

const tick = v => v === null ? "" : Math.abs(v) >= 1e6 ? (v / 1e6) + "M" : Math.abs(v) >= 10000 ? (v / 1000) + "k" : String(Number(v.toPrecision(6)));

// drawChart draws or updates a chart in a place. A zoom stays while the same lines
// are shown.
function drawChart(place, metric, lines, marks, options = {}) {
  const label = metric === "accuracy" && S.log ? "Error, %" : metrics[metric].label;
  const key = JSON.stringify([metric, S.x, S.log, dark.matches, lines.map(l => [l.name, l.part, !!l.raw, l.colour]), options.height, place.clientWidth]);
  const data = options.data || joined(lines), old = charts.get(place);
  if (old && old.key === key) {
    Object.assign(old, { marks, lines });
    old.plot.setData(data, !old.zoomed);
    if (old.zoomed) old.plot.redraw();
    return;
  }
  if (old) old.plot.destroy();
  charts.delete(place);
  place.textContent = "";
  if (lines.length === 0) {
    place.innerHTML = `<p class="soft empty">${esc(label)}: ${options.empty || "no values"}</p>`;
    return;
  }
  const chart = { key, marks, lines, zoomed: false, log: S.log, most: /accuracy/i.test(label) ? 100 : undefined };
  const axis = { stroke: () => ink("soft"), grid: { stroke: () => ink("grid"), width: 1 }, ticks: { stroke: () => ink("grid"), width: 1 }, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif" };
  chart.plot = new uPlot({
    width: Math.max(place.clientWidth, 200), height: options.height || 240, legend: { show: false },
    title: label,
    scales: { x: { time: false }, y: { distr: S.log ? 3 : 1, range: (u, min, max) => rangeOf(chart, min, max) } },
    axes: [{ ...axis, size: 34, label: axes[S.x], labelSize: 16, labelGap: -4, ...(S.x === "seconds" ? {} : { incrs: wholeSteps }), values: (u, list) => list.map(tick) }, { ...axis, grid: { ...axis.grid, filter: decades }, ticks: { ...axis.ticks, filter: decades }, size: (u, list) => 22 + 7 * Math.max(3, ...(list || []).map(v => v.length)), values: (u, list) => list.map(tick) }],
    series: [{}, ...(options.series || seriesOf(lines, lines.length < 20))], bands: options.bands || [],
    focus: { alpha: lines.length > 1 ? 0.2 : 1 },
    cursor: { focus: { prox: 24 }, drag: { x: true, y: true, uni: 24 }, points: { show: (u, i) => u.series[i].faint ? false : undefined, size: 7 }, bind: { dblclick: u => () => { chart.zoomed = false; u.setData(u.data, true); } } },
    hooks: {
      draw: [u => drawMarks(u, chart.marks)],
      setSelect: [u => { if (u.select.width > 0 || u.select.height > 0) chart.zoomed = u.select.height >= u.over.clientHeight - 1 ? "x" : true; }],
      setScale: [showUnzoom],
      setCursor: [u => hover(u, chart, metric)],
      setSeries: [(u, i) => { chart.focus = i; hover(u, chart, metric); }],
    },
  }, data, place);
  chart.plot.over.addEventListener("pointerleave", () => { tip(""); highlight(""); });
  chart.plot.over.addEventListener("click", () => {
    const s = chart.plot.series[chart.focus];
    if (chart.focus && s && S.rows.has(s.label) && chart.plot.select.width === 0) moveTo(s.label);
  });
  touchZoom(chart);
  charts.set(place, chart);
  showUnzoom();
}

// decades is where the lines of a vertical axis are: of a logarithmic one over more than two
// powers of ten, at these only.
function decades(u, splits) {
  const { min, max } = u.scales.y;
  if (u.scales.y.distr !== 3 || max / min <= 100) return splits;
  return splits.map(v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? v : null);
}

// rangeOf is the range of the vertical axis, with the test results in it.
function rangeOf(chart, min, max) {
  if (min === null || max === null || chart.zoomed === true) return [min, max];
  if (!chart.zoomed) for (const m of chart.marks) if (m.y !== null) { min = Math.min(min, m.y); max = Math.max(max, m.y); }
  if (chart.log) return uPlot.rangeLog(min, max, 10, false);
  const [from, to] = uPlot.rangeNum(min, max, 0.08, true);
  return chart.most !== undefined && max <= chart.most ? [from, Math.min(to, chart.most + 0.02 * (to - from))] : [from, to];
}

// drawMarks draws a diamond at each test result.
function drawMarks(u, marks) {
  const c = u.ctx, size = 5 * devicePixelRatio;
  c.save();
  c.beginPath();
  c.rect(u.bbox.left - size, u.bbox.top - size, u.bbox.width + 2 * size, u.bbox.height + 2 * size);
  c.clip();
  c.setLineDash([]);
  c.globalAlpha = 1;
  for (const m of marks) {
    if (m.y === null) continue;
    const x = u.valToPos(m.x, "x", true), y = u.valToPos(m.y, "y", true);
    c.beginPath();
    c.moveTo(x, y - size); c.lineTo(x + size, y); c.lineTo(x, y + size); c.lineTo(x - size, y); c.closePath();
    c.fillStyle = m.colour || colourOf(m.name);
    c.strokeStyle = ink("paper");
    c.lineWidth = 1.5 * devicePixelRatio;
    c.fill();
    c.stroke();
  }
  c.restore();
}

// hover says what the line nearest to the pointer is.
function hover(u, chart, metric) {
  const i = chart.focus, at = u.cursor.idxs && u.cursor.idxs[i];
  const s = u.series[i], idx = at ?? u.cursor.idx;
  if (!i || !s || idx === null || idx === undefined || u.cursor.left < 0) { tip(""); highlight(""); return; }
  let y = u.data[i][idx];
  for (let k = 1; (y === null || y === undefined) && k < 40; k++) y = u.data[i][idx - k] ?? u.data[i][idx + k];
  if (y === null || y === undefined) { tip(""); return; }
  const box = u.over.getBoundingClientRect(), value = metric === "accuracy" ? y.toFixed(2) + " %" : short(y);
  tip(`<b>${esc(s.label)}</b><br>${S.x === "seconds" ? duration(u.data[0][idx]) : `${S.x} ${short(u.data[0][idx])}`} · ${s.part ? esc(s.part === "train" && metrics[metric].validation ? "training" : s.part === "train" ? metric : s.part) + " " : ""}<b>${value}</b>`, box.left + u.cursor.left, box.top + u.cursor.top);
  highlight(s.label);
}

function highlight(name) {
  for (const tr of document.querySelectorAll("tr.hover")) tr.classList.remove("hover");
  if (name) for (const tr of document.querySelectorAll(`tr[data-name="${CSS.escape(name)}"]`)) tr.classList.add("hover");
}

// plotted is which runs have curves: the selected ones, or else the first ones of the
// table.
function plotted(rows) {
  const chosen = rows.filter(r => S.selected.has(r.name));
  const pool = (chosen.length ? chosen : rows).filter(r => r.epoch > 0 || r.state === "running");
  return { names: pool.slice(0, chosen.length ? maxPlotted : maxUnchosen).map(r => r.name), of: pool.length, chosen: chosen.length > 0 };
}

// chartTools makes the controls above the charts.
function chartTools() {
  $("chart-tools").innerHTML = `
    <span class="segments" role="group" aria-label="Horizontal axis">${Object.keys(axes).map(x => `<button data-x="${x}">${x === "seconds" ? "Time" : x[0].toUpperCase() + x.slice(1)}</button>`).join("")}</span>
    <label>Smooth <input type="range" id="smooth" min="0" max="0.98" step="0.02" value="${S.smooth}"></label>
    <label title="l"><input type="checkbox" id="log"> Log</label>
    <label><input type="checkbox" id="part-validation"> <span class="key solid"></span> Validation</label>
    <label><input type="checkbox" id="part-train"> <span class="key dashed"></span> Training</label>
    <span class="soft">◆ test result</span>
    <details class="menu"><summary>More</summary><div>${["images/s", "lr", "gradient"].map(m => `<label><input type="checkbox" data-extra="${m}"> ${metrics[m].label}</label>`).join("")}</div></details>
    <button id="unzoom" class="quiet" hidden title="Or double-click a chart">Reset zoom</button>`;
  const tools = $("chart-tools");
  tools.onclick = e => { if (e.target.dataset.x) { S.x = e.target.dataset.x; changed(); } };
  $("smooth").oninput = e => { S.smooth = Number(e.target.value); changed(); };
  $("log").onchange = e => { S.log = e.target.checked; changed(); };
  for (const part of ["validation", "train"]) $("part-" + part).onchange = e => { S.parts[part] = e.target.checked; changed(); };
  for (const box of tools.querySelectorAll("[data-extra]")) box.onchange = () => {
    S.extra = [...tools.querySelectorAll("[data-extra]:checked")].map(b => b.dataset.extra);
    changed();
  };
  $("unzoom").onclick = () => { for (const c of charts.values()) { c.zoomed = false; c.plot.setData(c.plot.data, true); } };
}

function showTools() {
  for (const b of $("chart-tools").querySelectorAll("[data-x]")) b.setAttribute("aria-pressed", String(b.dataset.x === S.x));
  $("log").checked = S.log;
  $("smooth").value = S.smooth;
  for (const part of ["validation", "train"]) $("part-" + part).checked = S.parts[part];
  for (const b of $("chart-tools").querySelectorAll("[data-extra]")) b.checked = S.extra.includes(b.dataset.extra);
}

// homeTools puts the controls back above the charts of all runs: the page of a run has them
// too, and what it shows is replaced.
function homeTools() { if ($("chart-tools").parentNode !== $("curves")) $("curves").prepend($("chart-tools")); }

// showUnzoom offers the way back from a zoom while there is one.
function showUnzoom() { $("unzoom").hidden = ![...charts.values()].some(c => c.zoomed); }

// zoomBy makes the horizontal range of the charts shorter or longer, and moves it by a part
// of itself.
function zoomBy(factor, move) {
  for (const c of charts.values()) {
    const u = c.plot, x = u.data[0], { min, max } = u.scales.x;
    if (!u.root.checkVisibility() || !x || x.length < 2) continue;
    const first = x[0], last = x[x.length - 1], width = Math.min(factor * (max - min), last - first);
    const from = Math.min(Math.max((min + max) / 2 + move * (max - min) - width / 2, first), last - width);
    c.zoomed = width < last - first && "x"; // the vertical range follows
    if (c.zoomed) u.setScale("x", { min: from, max: from + width });
    else u.setData(u.data, true);
  }
}

// placesFor keeps a place for each metric in a box, in order.
function placesFor(box, list) {
  for (const child of [...box.children]) if (!list.includes(child.dataset.metric)) { const c = charts.get(child); if (c) c.plot.destroy(); charts.delete(child); child.remove(); }
  return list.map(m => {
    let place = box.querySelector(`[data-metric="${CSS.escape(m)}"]`);
    if (!place) { place = document.createElement("div"); place.dataset.metric = m; place.className = "chart"; box.append(place); }
    return [m, place];
  });
}

// drawCharts draws the curves of the runs in the table.
async function drawCharts(rows) {
  const p = plotted(rows);
  homeTools();
  assignColours(p.names);
  paintSwatches();
  showTools();
  const draw = () => {
    const list = ["accuracy", "loss", ...S.extra], space = document.querySelector("main").clientHeight - 10 - $("chart-tools").offsetHeight - $("charts-note").offsetHeight - 12;
    const height = innerWidth < 800 ? 220 : Math.max(190, Math.floor(space / Math.min(list.length, 2)) - 40);
    for (const [m, place] of placesFor($("charts"), list)) drawChart(place, m, linesOf(p.names, m), marksOf(p.names, m), { height, empty: p.names.length ? "nothing yet" : "no run is shown" });
  };
  $("charts-note").textContent = p.of > p.names.length ? `${p.chosen ? `The first ${p.names.length} of ${p.of} selected runs` : `The first ${p.names.length} of ${p.of} runs in the table; select others to see theirs`}.` : "";
  if (frozen || p.names.every(n => cache.has(n))) draw();
  try {
    const both = await Promise.all([fetchCurves(p.names), fetchSteps(p.names)]);
    if (both.includes(true)) draw();
  } catch (e) { failed(e); }
}
