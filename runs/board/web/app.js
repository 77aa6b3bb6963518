"use strict";
// The page as a whole: what changes redraws, keys, the address, and the server's events.

let drawing = 0;
const tabs = ["runs", "diff", "groups", "studies", "run"];

// changed redraws: the table at once, curves once nothing more changes.
function changed() {
  drawTable();
  save();
  drawTabs();
  clearTimeout(drawing);
  drawing = setTimeout(drawView, 60);
}

async function drawView() {
  if (!S.complete && (S.rows.size === 0 || S.tab === "groups")) return; // too little is known: what is chosen may yet come
  if (S.tab === "runs") await drawCharts(rowsNow);
  if (S.tab === "diff") drawDiff();
  if (S.tab === "groups") await drawGroups();
  if (S.tab === "studies") await drawStudies();
  if (S.tab === "run") await drawRun();
}

function drawTabs() {
  for (const t of tabs) {
    $("tab-" + t).setAttribute("aria-selected", String(S.tab === t));
    $("view-" + t).hidden = S.tab !== t;
  }
  document.body.dataset.tab = S.tab;
  $("tab-studies").hidden = studies.length === 0;
  const n = rowsNow.filter(r => S.selected.has(r.name)).length;
  $("tab-diff").textContent = n > 1 ? `Diff (${n})` : "Diff";
  $("tab-run").textContent = S.run && S.rows.has(S.run) ? S.run : "Run";
  $("open-trash").hidden = !S.can.change || Object.keys(S.trash).length === 0;
  $("open-trash").textContent = `Trash (${Object.keys(S.trash).length})`;
  $("export").hidden = Boolean(frozen);
  document.body.classList.toggle("frozen", !S.can.change);
  document.title = (S.tab === "run" && S.run ? S.run + " – " : "") + "Glyph: " + (S.root || "runs");
  $("root").textContent = S.root;
  const problems = Object.entries(S.errors);
  $("problem").hidden = problems.length === 0;
  $("problem").textContent = problems.slice(0, 3).map(([, text]) => text).join(" · ") + (problems.length > 3 ? ` · and ${problems.length - 3} more` : "");
}

function show(tab) {
  S.tab = tab;
  changed();
  if (tab === "runs") $("wrap").focus({ preventScroll: true });
}

// showAt shows a tab by its place, from the left.
function showAt(i) {
  const t = tabs.filter(t => !$("tab-" + t).hidden)[i];
  if (t) show(t);
}

// What is shown is part of the address, so that it can be kept and gone back to.
let saving = 0, loading = false;
function save() {
  if (loading) return;
  clearTimeout(saving);
  saving = setTimeout(() => {
    const p = new URLSearchParams();
    const put = (k, v, not) => { if (v !== not && v !== "") p.set(k, v); };
    put("tab", S.tab, "runs"); put("q", S.filter, ""); put("sort", (S.down ? "-" : "") + S.sort, "-started");
    put("run", S.run, ""); put("study", S.study, ""); put("sel", [...S.selected].map(encodeURIComponent).join(","), "");
    put("x", S.x, "epoch"); put("smooth", String(S.smooth), "0"); put("log", S.log ? "1" : "", "");
    put("parts", Object.keys(S.parts).filter(k => S.parts[k]).join(","), "train,validation"); put("extra", S.extra.join(","), "");
    put("over", S.over, "seed"); put("columns", S.columns ? S.columns.join(",") : "", "");
    const hash = "#" + p;
    if (hash === location.hash || hash === "#" && !location.hash) return;
    const before = new URLSearchParams(location.hash.slice(1));
    const moved = (before.get("tab") || "runs") !== S.tab || (before.get("run") || "") !== S.run;
    history[moved ? "pushState" : "replaceState"](null, "", hash);
  }, 200);
}

function load() {
  loading = true;
  const p = new URLSearchParams(location.hash.slice(1)), tab = p.get("tab");
  S.tab = tabs.includes(tab) ? tab : "runs";
  S.filter = p.get("q") || "";
  const sort = p.get("sort") || "-started";
  S.down = sort.startsWith("-");
  S.sort = sort.replace(/^-/, "");
  S.run = p.get("run") || "";
  S.study = p.get("study") || "";
  S.selected = new Set((p.get("sel") || "").split(",").filter(Boolean).map(decodeURIComponent));
  S.x = p.get("x") in axes ? p.get("x") : "epoch";
  S.smooth = Math.min(Math.max(Number(p.get("smooth")) || 0, 0), 0.98);
  S.log = p.get("log") === "1";
  const shown = p.has("parts") ? p.get("parts").split(",") : ["train", "validation"];
  S.parts = { train: shown.includes("train"), validation: shown.includes("validation") };
  S.extra = (p.get("extra") || "").split(",").filter(m => m in metrics && m !== "accuracy" && m !== "loss");
  S.over = p.get("over") || "seed";
  S.columns = p.get("columns") ? p.get("columns").split(",") : null;
  $("filter").value = S.filter;
  changed();
  loading = false;
}

// The filter and its completion.

function setFilter(text) {
  S.filter = text;
  $("filter").value = text;
  limit = 50;
  suggest(null);
  changed();
}

let offered = null, chosenOffer = -1;

function suggest(list) {
  offered = list && list[1].length ? list : null;
  chosenOffer = -1;
  const box = $("suggest");
  box.hidden = !offered;
  $("filter").setAttribute("aria-expanded", String(Boolean(offered)));
  $("filter").removeAttribute("aria-activedescendant");
  box.innerHTML = offered ? offered[1].map((o, i) => `<li role="option" id="offer-${i}" data-i="${i}"><span>${esc(o.text)}</span><span class="soft">${esc(o.about)}</span></li>`).join("") : "";
}

function take(i) {
  const input = $("filter"), [start, list] = offered, end = input.selectionStart, text = list[i].text;
  input.value = input.value.slice(0, start) + text + input.value.slice(end).replace(/^ /, text.endsWith(" ") ? "" : " ");
  input.setSelectionRange(start + text.length, start + text.length);
  S.filter = input.value;
  changed();
  suggest(text.endsWith(" ") ? null : completions(input.value, input.selectionStart));
  input.focus();
}

function choose(i) {
  chosenOffer = (i + offered[1].length) % offered[1].length;
  for (const li of $("suggest").children) li.setAttribute("aria-selected", String(Number(li.dataset.i) === chosenOffer));
  $("filter").setAttribute("aria-activedescendant", "offer-" + chosenOffer);
}

function filterEvents() {
  const input = $("filter");
  input.oninput = () => { S.filter = input.value; limit = 50; changed(); suggest(completions(input.value, input.selectionStart)); };
  input.onfocus = () => { if (!input.value) suggest(completions("", 0)); };
  input.onblur = () => setTimeout(() => { if (document.activeElement !== input) suggest(null); }, 150);
  const begun = () => /\S$/.test(input.value.slice(0, input.selectionStart)); // a word: else Tab goes on
  input.onkeydown = e => {
    if (offered && (e.key === "ArrowDown" || e.key === "ArrowUp")) { choose(chosenOffer + (e.key === "ArrowDown" ? 1 : chosenOffer < 0 ? 0 : -1)); e.preventDefault(); }
    else if (offered && (chosenOffer >= 0 && e.key === "Enter" || e.key === "Tab" && !e.shiftKey && (chosenOffer >= 0 || begun()))) { take(Math.max(chosenOffer, 0)); e.preventDefault(); }
    else if (e.key === "Enter") { suggest(null); if (rowsNow.length) moveTo((rowsNow.find(r => r.name === S.at) || rowsNow[0]).name, true); }
    else if (e.key === "Escape") { if (offered) suggest(null); else { setFilter(""); $("wrap").focus(); } e.stopPropagation(); }
    else return;
    e.stopPropagation();
  };
  $("suggest").onmousedown = e => { const li = e.target.closest("li"); if (li) { take(Number(li.dataset.i)); e.preventDefault(); } };
}

// Keys.

const keyHelp = [["/", "filter"], ["↑ ↓ or k j", "move in the table"], ["Space or x", "select the row"], ["a", "select all that are listed"], ["Enter", "open the run"], ["c", "show what differs"], ["t, n, h", "tag, note, hide"], ["Delete", "move to the trash"], ["1 to 5", "the tabs, from the left"], ["l", "logarithmic axis"], ["+ − [ ] 0", "zoom the curves, move, see all"], ["e", "epoch, step or time"], ["Escape", "back, or select none"], ["?", "this help"]];

const keys = {
  "/": () => { $("filter").focus(); $("filter").select(); },
  j: () => S.tab === "run" ? $("run-after")?.click() : step(1), k: () => S.tab === "run" ? $("run-before")?.click() : step(-1),
  ArrowDown: () => step(1), ArrowUp: () => step(-1),
  x: () => S.at && select(S.at), " ": () => S.at && select(S.at),
  a: () => { for (const r of rowsNow) S.selected.add(r.name); changed(); },
  Enter: () => S.at && open(S.at),
  c: () => act("diff"), t: () => act("tag"), n: () => act("note"), h: () => act("hide"), Delete: () => act("delete"),
  1: () => showAt(0), 2: () => showAt(1), 3: () => showAt(2), 4: () => showAt(3), 5: () => showAt(4),
  "+": () => zoomBy(0.5, 0), "=": () => zoomBy(0.5, 0), "-": () => zoomBy(2, 0), "[": () => zoomBy(1, -0.25), "]": () => zoomBy(1, 0.25), 0: () => zoomBy(Infinity, 0),
  l: () => { S.log = !S.log; changed(); },
  e: () => { const list = Object.keys(axes); S.x = list[(list.indexOf(S.x) + 1) % list.length]; changed(); },
  Escape: () => { if (S.tab !== "runs") show("runs"); else { S.selected.clear(); changed(); } },
  "?": help,
};

function help() {
  dialog(`<form><h2>Keys</h2><dl class="keys">${keyHelp.map(([k, what]) => `<dt>${k}</dt><dd>${what}</dd>`).join("")}</dl>
<h2>Filters</h2><p><code>lr&gt;0.01 model=cnn tag=baseline test&gt;=95 -state=failed name=cnn* note~warmup</code></p>
<p class="soft">Every condition must hold. A key is a result or any setting; <code>=</code> <code>!=</code> <code>&gt;</code> <code>&gt;=</code> <code>&lt;</code> <code>&lt;=</code> compare, <code>~</code> is a part of the text, <code>*</code> any text, and <code>-</code> before a condition means not. Other words are looked for in names, models, states, tags and notes. A setting with the name of a result is <code>set.NAME</code>.</p>
<p class="soft">On charts, drag or spread two fingers to zoom, and double-click or double-tap to see all. ◆ is the result on the test set. Logarithmic axes show the error in place of the accuracy.</p><p class="buttons"><button type="button" data-close class="main" autofocus>Close</button></p></form>`);
}

function keyEvents() {
  document.addEventListener("keydown", e => {
    const t = e.target;
    if (e.ctrlKey || e.metaKey || e.altKey || $("dialog").open || t.matches("input:not([type=checkbox]), textarea, select")) return;
    const tableKey = ["ArrowDown", "ArrowUp", " ", "Enter"].includes(e.key);
    if (tableKey && (S.tab !== "runs" || t !== document.body && t !== $("wrap"))) return;
    const f = keys[e.key];
    if (f) { e.preventDefault(); f(); }
  });
}

// The server's changes.

function receive(state) {
  for (const r of state.runs) S.rows.set(r.name, r);
  if (state.names || state.trash) {
    const there = new Set(state.names || []);
    for (const n of [...S.rows.keys()]) if (!there.has(n)) { S.rows.delete(n); S.selected.delete(n); cache.delete(n); }
    S.trash = state.trash || {};
    S.errors = state.errors || {};
  }
  Object.assign(S, { version: state.version, complete: state.complete, can: state.can, root: state.root });
  changed();
}

function follow() {
  const source = new EventSource("api/events?version=" + S.version), live = $("live");
  source.onopen = () => { live.className = "on"; live.textContent = "live"; live.title = "Changes appear as they happen"; };
  source.onmessage = e => receive(JSON.parse(e.data));
  source.onerror = () => {
    live.className = "off";
    live.textContent = "not connected";
    live.title = "The server is not responding";
    source.close();
    setTimeout(follow, 2000);
  };
}

async function begin() {
  chartTools();
  tableEvents();
  filterEvents();
  keyEvents();
  parallelEvents();
  for (const t of tabs) $("tab-" + t).onclick = () => show(t);
  for (const b of $("actions").querySelectorAll("button")) b.onclick = () => act(b.dataset.act);
  $("open-trash").onclick = trash;
  $("open-help").onclick = help;
  $("show-hidden").onchange = e => { S.showHidden = e.target.checked; changed(); };
  $("options").querySelector("details").ontoggle = e => { if (e.target.open) columnMenu(); };
  document.addEventListener("click", e => { for (const d of document.querySelectorAll("details.menu[open]")) if (!d.contains(e.target)) d.open = false; });
  window.onpopstate = load;
  let resized;
  window.onresize = () => { clearTimeout(resized); resized = setTimeout(changed, 100); };
  dark.onchange = changed;
  if (frozen) { receive(frozen); load(); $("live").textContent = "exported"; return; }
  load();
  try {
    receive(await ask("api/runs"));
  } catch (e) { failed(e); }
  findStudies();
  follow();
}

begin();
