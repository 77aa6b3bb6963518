"use strict";
// One run: its results, curves, confusion matrix, mistakes, report and drawing page.

let shownRun = "", shownPart = "overview", details = null, mistakeFilter = null, mistakeCount = 60;
let settingsOpen = innerWidth >= 800; // on a phone the curves would be far below

// open shows a run.
function open(name) {
  S.run = name;
  S.at = name;
  show("run");
}

const parts = { overview: "Overview", mistakes: "Mistakes", report: "Report", draw: "Draw" };

// partsOf is what there is to see of a run.
const partsOf = r => Object.keys(parts).filter(p => p === "overview" || p === "mistakes" && (r.weights && S.can.mistakes || details?.confusion) || p === "report" && r.report || p === "draw" && r.weights && S.can.draw);

async function drawRun() {
  const view = $("view-run"), r = S.rows.get(S.run);
  if (!r) {
    if (S.run && !S.complete) return; // it may yet come
    homeTools();
    view.innerHTML = `<p class="empty">${S.run ? `There is no run called ${esc(S.run)}.` : "Choose a run in the table: click its name, or Enter on it."}</p>`;
    shownRun = "";
    return;
  }
  if (shownRun !== r.name) {
    shownRun = r.name;
    details = null;
    mistakeFilter = null;
    mistakeCount = 60;
    try {
      const got = frozen ? frozen.details[r.name] || {} : await ask("api/run?run=" + encodeURIComponent(r.name));
      if (S.run !== r.name) return;
      details = { ...got, version: r.version };
    } catch (e) { details = {}; failed(e); }
  } else if (details && details.version !== r.version && !frozen) {
    const got = await ask("api/run?run=" + encodeURIComponent(r.name)).catch(() => details);
    if (S.run !== r.name) return;
    details = { ...got, version: r.version };
  }
  if (!details || S.tab !== "run") return;
  const list = partsOf(r);
  if (!list.includes(shownPart)) shownPart = "overview";
  const at = rowsNow.findIndex(o => o.name === r.name);
  let head = view.querySelector(".run-head");
  if (!head) {
    view.innerHTML = `<div class="run-head"></div><div class="run-body"></div>`;
    head = view.querySelector(".run-head");
  }
  head.innerHTML = `<div class="tools"><h2>${esc(r.name)}</h2>${stateCell(r)}${(r.tags || []).map(t => `<span class="tag">${esc(t)}</span>`).join("")}
<span class="end"><button id="run-before" class="quiet" title="The run above in the table (k)"${at > 0 ? "" : " disabled"}>‹</button><button id="run-after" class="quiet" title="The run below in the table (j)"${at >= 0 && at < rowsNow.length - 1 ? "" : " disabled"}>›</button>
<button class="changes" data-act="tag">Tag</button><button class="changes" data-act="note">Note</button><button class="changes" data-act="hide">${r.hidden ? "Show" : "Hide"}</button><button class="changes" data-act="delete"${r.state === "running" ? " disabled" : ""}>Delete</button></span></div>
${r.failure ? `<p class="problem">${esc(r.failure)}</p>` : ""}${r.note ? `<p class="note-text">${esc(r.note)}</p>` : ""}
<div class="segments" role="tablist" aria-label="Parts of the run">${list.map(p => `<button role="tab" data-part="${p}" aria-selected="${p === shownPart}">${parts[p]}</button>`).join("")}</div>`;
  for (const bar of head.querySelectorAll("[data-width]")) bar.style.width = bar.dataset.width + "%";
  $("run-before").onclick = () => open(rowsNow[at - 1].name);
  $("run-after").onclick = () => open(rowsNow[at + 1].name);
  for (const b of head.querySelectorAll("[data-act]")) b.onclick = () => act(b.dataset.act);
  for (const b of head.querySelectorAll("[data-part]")) b.onclick = () => { shownPart = b.dataset.part; changed(); };
  document.body.classList.toggle("frozen", !S.can.change);
  await drawPart(view.querySelector(".run-body"), r);
}

// drawPart draws what is chosen of a run. Frames stay while they are shown.
async function drawPart(body, r) {
  const key = JSON.stringify([r.name, shownPart]);
  if (shownPart === "report" || shownPart === "draw") {
    if (body.dataset.key === key) return;
    body.dataset.key = key;
    homeTools();
    const name = encodeURIComponent(r.name), path = shownPart === "report" ? `report/${name}` : `draw/${name}/`, title = parts[shownPart];
    body.innerHTML = `<p class="soft"><span class="dot"></span> ${shownPart === "draw" ? "Opening the network" : "Reading the report"} …</p>`;
    try {
      if (!(await fetch(path, { method: "HEAD" })).ok) await ask(path); // which says why
    } catch (e) {
      if (body.dataset.key === key) { body.dataset.key = ""; body.innerHTML = `<p class="problem">${esc(e.message)}</p>`; }
      return;
    }
    if (body.dataset.key === key) body.innerHTML = `<p class="tools"><a href="${path}" target="_blank" rel="noopener">Open in a new tab</a></p><iframe title="${title}" src="${path}"></iframe>`;
    return;
  }
  if (body.dataset.key !== key) {
    for (const place of body.querySelectorAll(".chart")) { charts.get(place)?.plot.destroy(); charts.delete(place); }
    homeTools();
    body.innerHTML = shownPart === "overview" ? `<div class="overview"><div class="facts"></div><div><div class="run-tools"></div><div class="run-charts"></div></div></div>` : `<div class="overview"><div class="confusion"></div><div class="mistakes"></div></div>`;
    body.dataset.key = key;
  }
  if (shownPart === "overview") await drawOverview(body, r);
  else await drawMistakes(body, r);
}

async function drawOverview(body, r) {
  const fact = (k, v) => v && v !== "–" ? `<tr><th scope="row">${esc(k)}</th><td>${esc(v)}</td></tr>` : "";
  const counts = details.images && details.images[0] ? `${whole(details.images[0])} to train, ${whole(details.images[1])} to validate, ${whole(details.images[2])} to test` : "";
  body.querySelector(".facts").innerHTML = `<div class="figures">${["test", "validation", "train"].filter(k => valueOf(r, k) !== null).map(k => `<div><b>${shownOf(r, k)}</b><span>${k === "train" ? "training" : k} accuracy</span></div>`).join("")}</div>
<table class="facts-table">${fact("epochs", r.epochs ? `${r.epoch} of ${r.epochs}${r.best_epoch ? `, weights of epoch ${r.best_epoch}` : ""}` : "")}${fact("test loss", loss(r.test_loss))}${fact("validation loss", loss(r.validation_loss))}${fact("training loss", loss(r.train_loss))}${fact("speed", r.images_per_second ? whole(r.images_per_second) + " images/s" : "")}${fact("trained in", duration(r.seconds))}${fact("parameters", whole(r.parameters || null))}${fact("data", details.data_source)}${fact("images", counts)}${fact("device", r.device)}${fact("kernels", details.kernels)}${fact("started", when(r.started))}</table>
${details.command ? `<h3>Train it again</h3><p class="tools repeat"><code class="command">${esc(details.command)}</code><button id="copy">Copy</button></p>` : ""}
<details id="settings"${settingsOpen ? " open" : ""}><summary>Settings</summary><table class="facts-table">${Object.keys(r.config).filter(k => r.config[k] !== "0" || k === "seed" || k === "validation").sort().map(k => fact(k, r.config[k])).join("")}</table></details>`;
  $("settings").ontoggle = e => { settingsOpen = e.target.open; };
  if ($("copy")) $("copy").onclick = () => navigator.clipboard.writeText(details.command).then(() => toast("Copied"), failed);
  assignColours([r.name]);
  body.querySelector(".run-tools").append($("chart-tools"));
  showTools();
  const draw = () => {
    const list = ["accuracy", "loss", "images/s", "lr", "gradient"].filter(m => m === "accuracy" || m === "loss" || (curves(r.name)?.[metrics[m].train] || []).some(v => v !== null));
    for (const [m, place] of placesFor(body.querySelector(".run-charts"), list)) drawChart(place, m, linesOf([r.name], m), marksOf([r.name], m), { height: 210, empty: "nothing yet" });
  };
  if (frozen || cache.has(r.name)) draw();
  try { if ((await Promise.all([fetchCurves([r.name]), fetchSteps([r.name])])).includes(true) && S.run === r.name && shownPart === "overview" && S.tab === "run") draw(); } catch (e) { failed(e); }
}

const className = i => { const c = details.classes && details.classes[i]; return c ? (c.Symbol ? `${c.Symbol} ${c.Name}` : c.Name) || String(i) : String(i); };
const classSymbol = i => { const c = details.classes && details.classes[i]; return (c && (c.Symbol || c.Name)) || String(i); };

// drawConfusion is the matrix; a cell chooses the mistakes that are shown.
function drawConfusion(place) {
  const m = details.confusion;
  if (!m || !m.length) { place.innerHTML = ""; return; }
  const n = m.length, worst = Math.max(1, ...m.flatMap((row, i) => row.filter((v, j) => i !== j)));
  const cell = (v, i, j) => {
    if (i === j) return `<td class="hit">${v || ""}</td>`;
    const on = mistakeFilter && mistakeFilter[0] === i && mistakeFilter[1] === j;
    return `<td><button data-label="${i}" data-predicted="${j}" aria-pressed="${Boolean(on)}" data-share="${v / worst}" title="${v} of ${esc(className(i))} taken for ${esc(className(j))}">${v || ""}</button></td>`;
  };
  place.innerHTML = `<h3>Confusion matrix</h3><p class="soft">A row for each true class, a column for each prediction.${S.can.mistakes ? " Choose a cell to see its mistakes." : ""}</p><div class="scroll"><table class="matrix${n > 15 ? " small" : ""}"><thead><tr><td></td>${m.map((_, j) => `<th scope="col" title="${esc(className(j))}">${esc(classSymbol(j))}</th>`).join("")}<th scope="col" class="number">recall</th></tr></thead>
<tbody>${m.map((row, i) => { const sum = row.reduce((a, b) => a + b, 0); return `<tr><th scope="row">${esc(className(i))}</th>${row.map((v, j) => cell(v, i, j)).join("")}<td class="number">${sum ? (100 * row[i] / sum).toFixed(1) : "–"}</td></tr>`; }).join("")}</tbody></table></div>`;
  for (const b of place.querySelectorAll("[data-share]")) {
    const share = Number(b.dataset.share);
    if (share > 0) b.style.background = `color-mix(in srgb, var(--heat) ${Math.round(12 + 88 * share)}%, transparent)`;
    if (share > 0.55) b.classList.add("strong");
    b.onclick = () => {
      const [i, j] = [Number(b.dataset.label), Number(b.dataset.predicted)];
      mistakeFilter = mistakeFilter && mistakeFilter[0] === i && mistakeFilter[1] === j ? null : [i, j];
      mistakeCount = 60;
      changed();
    };
  }
}

let mistakesKey = "", mistakesNow = null;

async function drawMistakes(body, r) {
  drawConfusion(body.querySelector(".confusion"));
  const place = body.querySelector(".mistakes");
  if (!S.can.mistakes || !r.weights) { place.innerHTML = frozen ? `<p class="soft">The pictures are not part of an exported page.</p>` : ""; return; }
  const key = JSON.stringify([r.name, mistakeFilter, mistakeCount]);
  if (place.dataset.key === key) return;
  place.dataset.key = mistakesKey = key;
  if (!place.querySelector(".pictures")) place.innerHTML = `<h3>Mistakes</h3><p class="soft"><span class="dot"></span> Evaluating the run on its test set …</p>`;
  try {
    const query = `run=${encodeURIComponent(r.name)}&n=${mistakeCount}` + (mistakeFilter ? `&label=${mistakeFilter[0]}&predicted=${mistakeFilter[1]}` : "");
    const got = await ask("api/mistakes?" + query);
    if (mistakesKey !== key || !place.isConnected) return;
    mistakesNow = got.mistakes;
    place.innerHTML = `<h3>Mistakes</h3><p class="soft">${mistakeFilter ? `${got.total} of ${esc(className(mistakeFilter[0]))} taken for ${esc(className(mistakeFilter[1]))} <button id="all-mistakes">Show all</button>` : `${whole(got.total)} of ${whole(got.of)} test images, the most confident first`}</p>
<div class="pictures">${got.mistakes.map((m, i) => `<button data-i="${i}" title="${esc(className(m.label))} taken for ${esc(className(m.predicted))}"><img src="${m.image}" alt=""><span>${esc(classSymbol(m.label))} → <b>${esc(classSymbol(m.predicted))}</b></span><span class="soft">${(100 * m.probability).toFixed(0)} %</span></button>`).join("")}</div>${got.total > got.mistakes.length && mistakeCount < 200 ? `<p><button id="more-mistakes">Show more</button></p>` : ""}`;
    if ($("all-mistakes")) $("all-mistakes").onclick = () => { mistakeFilter = null; changed(); };
    if ($("more-mistakes")) $("more-mistakes").onclick = () => { mistakeCount = 200; changed(); };
    for (const b of place.querySelectorAll("[data-i]")) b.onclick = () => mistake(Number(b.dataset.i));
  } catch (e) {
    place.dataset.key = "";
    if (place.isConnected) place.innerHTML = `<h3>Mistakes</h3><p class="problem">${esc(e.message)}</p>`;
  }
}

// mistake shows one mistake large; the arrow keys go through them.
function mistake(i) {
  const box = $("dialog");
  const draw = () => {
    const m = mistakesNow[i];
    box.innerHTML = `<form class="one"><img src="${m.image}" alt=""><p><b>${esc(className(m.label))}</b>, taken for <b>${esc(className(m.predicted))}</b></p>
<p class="soft">Probability of ${esc(classSymbol(m.predicted))}: ${(100 * m.probability).toFixed(2)} %, of ${esc(classSymbol(m.label))}: ${(100 * m.label_probability).toFixed(2)} %</p>
<p class="buttons"><button type="button" data-by="-1"${i > 0 ? "" : " disabled"}>‹ Before</button><span class="soft">${i + 1} of ${mistakesNow.length}</span><button type="button" data-by="1"${i < mistakesNow.length - 1 ? "" : " disabled"}>Next ›</button><button type="button" data-close class="main">Close</button></p></form>`;
    for (const b of box.querySelectorAll("[data-by]")) b.onclick = () => { i += Number(b.dataset.by); draw(); };
    box.querySelector("[data-close]").onclick = () => box.close();
  };
  draw();
  box.onkeydown = e => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (by && mistakesNow[i + by]) { i += by; draw(); e.preventDefault(); }
  };
  box.onclick = e => { if (e.target === box) box.close(); };
  box.onclose = () => { box.onkeydown = null; };
  box.showModal();
}
