"use strict";
// Studies and sweeps: a sweep's combinations as parallel coordinates and as a table of
// means with their spread over the seeds, a study's report.

let studies = frozen?.studies || [];

// findStudies asks which there are, now and again: the tab appears with the first.
async function findStudies() {
  const before = JSON.stringify(studies);
  try { if (!document.hidden) studies = await ask("api/studies"); } catch (e) { /* what is said beside the tabs is enough */ }
  if (JSON.stringify(studies) !== before) changed();
  setTimeout(findStudies, 10000);
}

async function drawStudies() {
  if (!frozen) try { studies = await ask("api/studies"); } catch (e) { failed(e); }
  const box = $("view-studies");
  if (!studies.length) { box.dataset.key = ""; box.innerHTML = `<p class="empty">There is no study or sweep beside the runs. <code>glyph sweep</code> begins one.</p>`; return; }
  const s = studies.find(s => s.name === S.study) || studies[0];
  const tools = studies.length > 1 ? `<div class="tools"><label>Sweep or study <select id="study-name">${studies.map(o => `<option${o === s ? " selected" : ""}>${esc(o.name)}</option>`).join("")}</select></label></div>` : "";
  const report = frozen ? `sandbox="allow-scripts" srcdoc="${esc(frozen.reports[s.name])}"` : `src="study/${encodeURIComponent(s.name)}"`, key = JSON.stringify([s, innerWidth, dark.matches]);
  if (box.dataset.key === key) return; // a report would jump to its beginning
  box.dataset.key = key;
  box.innerHTML = `${tools}<h2>${esc(s.name)}</h2>` + (s.problem ? `<p class="problem">${esc(s.problem)}</p>` : "") + (s.leaderboard ? sweepHTML(s.leaderboard, s.best) : s.report ? `<iframe ${report} title="The study's report"></iframe>` : "");
  if ($("study-name")) $("study-name").onchange = e => { S.study = e.target.value; changed(); };
  if (s.leaderboard) drawSweep(s.leaderboard);
}

const sweepValue = (row, name) => {
  const v = row.settings[name];
  return v === undefined || v === null ? "" : Array.isArray(v) ? v.join(",") : String(v);
};

function sweepHTML(l, command) {
  const count = (n, what) => `${whole(n)} ${what}${n === 1 ? "" : "s"}`;
  const note = [count(l.trials, "training"), l.missing ? `${whole(l.missing)} missing` : "", count(l.seeds.length, "seed"), l.data].filter(Boolean).join(" · ");
  const halved = new Set(l.leaderboard.map(r => r.epochs)).size > 1;
  const narrow = innerWidth < 700, dots = text => [narrow ? "" : text, narrow ? text : ""]; // beside the mean, or after the settings
  const head = ["", "validation accuracy, %", ...(narrow ? [] : [""]), ...l.varied, ...(halved ? ["epochs"] : []), ...(narrow ? [""] : []), "parameters", "time"];
  const low = Math.min(...l.leaderboard.flatMap(r => r.accuracies)), high = Math.max(...l.leaderboard.flatMap(r => r.accuracies));
  const rows = l.leaderboard.slice(0, 200).map(r => `<tr><th scope="row" class="number">${r.rank}</th><td class="number">${withSpread({ mean: 100 * r.validation_accuracy, sd: r.standard_deviation === null ? null : 100 * r.standard_deviation })}${r.diverged ? ` <span class="problem">${r.diverged} diverged</span>` : ""}</td>${dots(`<td>${interval(r, low, high)}</td>`)[0]}${l.varied.map(v => `<td>${esc(sweepValue(r, v) || "–")}</td>`).join("")}${halved ? `<td class="number">${r.epochs}</td>` : ""}${dots(`<td>${interval(r, low, high)}</td>`)[1]}<td class="number">${whole(r.parameters)}</td><td class="number">${duration(r.seconds)}</td></tr>`);
  return `<p class="soft">${esc(note)}</p><div id="sweep-parallel"><canvas aria-label="Parallel coordinates: a line a combination, an axis a setting"></canvas></div>
${command ? `<p>Train the best again: <code class="command">${esc(command)}</code></p>` : ""}
<div class="scroll"><table class="diff"><thead><tr>${head.map(h => `<th scope="col" class="${/accuracy|^epochs$|^parameters$|^time$/.test(h) ? "number" : ""}">${esc(h)}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
<p class="soft">Mean ± standard deviation over the seeds, each of which is a dot.${l.leaderboard.length > 200 ? ` The first 200 of ${l.leaderboard.length} combinations.` : ""}</p>`;
}

// interval draws a combination's seeds as dots, and its mean with one standard deviation.
function interval(r, low, high) {
  const at = v => 6 + 148 * (high > low ? (v - low) / (high - low) : 0.5), clip = v => Math.min(Math.max(v, 0), 160);
  const sd = r.standard_deviation || 0, mean = r.validation_accuracy;
  return `<svg class="interval" width="160" height="16" role="img" aria-label="${r.accuracies.map(v => (100 * v).toFixed(2)).join(", ")}"><line x1="${clip(at(mean - sd))}" x2="${clip(at(mean + sd))}" y1="8" y2="8"/>${r.accuracies.map(v => `<circle cx="${at(v)}" cy="8" r="2.5"/>`).join("")}<line class="mean" x1="${at(mean)}" x2="${at(mean)}" y1="2" y2="14"/></svg>`;
}

function drawSweep(l) {
  const place = $("sweep-parallel"), canvas = place.querySelector("canvas"), varied = l.varied.slice(0, innerWidth < 700 ? 3 : 7);
  const result = r => 100 * r.validation_accuracy, label = "validation accuracy, %";
  const axes = [...varied.map(v => axisOf(settingOf(v), v, l.leaderboard.map(r => sweepValue(r, v)))), axisOf(label, "", l.leaderboard.map(result))];
  const p = layParallel(canvas, place.clientWidth, innerWidth < 700 ? 220 : 250, axes, l.leaderboard.map(r => ({ row: r, values: [...varied.map(v => sweepValue(r, v)), result(r)] })));
  paintParallel(p);
  canvas.onpointermove = e => {
    const b = canvas.getBoundingClientRect(), at = nearest(e.clientX - b.left, e.clientY - b.top, p);
    if (at !== p.over) { p.over = at; paintParallel(p); }
    tip(at ? `${varied.map(v => `${esc(v)} <b>${esc(sweepValue(at.row, v) || "–")}</b>`).join("<br>")}<br>${label} <b>${result(at.row).toFixed(2)}</b>` : "", e.clientX, e.clientY);
  };
  canvas.onpointerleave = () => { tip(""); p.over = null; paintParallel(p); };
}
