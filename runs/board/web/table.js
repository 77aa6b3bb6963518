"use strict";
// The table of runs: sorted, filtered, selected, marked.

let rowsNow = [], limit = 50, anchor = "";

// columnsNow is the columns that are shown: those that were chosen, or results and
// the settings in which the runs differ.
function columnsNow() {
  if (S.columns) return S.columns.filter(c => c in fields || settingNames().includes(c));
  const all = [...S.rows.values()], some = key => all.some(r => fields[key].get(r) !== null);
  const results = ["test", "validation"].filter(some);
  if (innerWidth < 700) return [...(results.length ? results : ["train"]), ...varying(all).slice(0, 1)];
  return ["state", ...(results.length ? results : ["train"]), ...varying(all).slice(0, 5), "done", "images/s", "started"];
}

const isNumeric = (rows, c) => rows.some(r => { const v = valueOf(r, c); return c in fields ? typeof v === "number" : isNumber(v); });
const heading = c => fields[c]?.label || settingOf(c);

function stateCell(r) {
  if (r.state !== "running") return `<span class="state ${r.state}">${r.state}</span>`;
  const share = r.epochs ? Math.min(1, (r.epoch + (r.part < 1 ? r.part : 0)) / r.epochs) : 0;
  return `<span class="state running" title="${r.left ? duration(r.left) + " left" : ""}"><span class="dot"></span>${r.epoch}/${r.epochs}<span class="progress"><span data-width="${Math.round(100 * share)}"></span></span></span>`;
}

function cell(r, c, best) {
  if (c === "state") return `<td>${stateCell(r)}</td>`;
  const text = shownOf(r, c), v = valueOf(r, c);
  return `<td class="${best.numeric.has(c) ? "number" : ""}${best[c] !== undefined && v === best[c] ? " best" : ""}" title="${text.length > 18 ? esc(text) : ""}">${esc(text)}</td>`;
}

// rowHTML is a row of the table.
function rowHTML(r, columns, best) {
  const tags = (r.tags || []).map(t => `<button class="tag" data-tag="${esc(t)}" tabindex="-1">${esc(t)}</button>`).join("");
  const note = r.note ? ` <span class="note" title="${esc(r.note)}" aria-label="note">✎</span>` : "";
  return `<tr data-name="${esc(r.name)}" aria-selected="${S.selected.has(r.name)}" class="${r.name === S.at ? "at " : ""}${r.hidden ? "dim" : ""}">
<td class="pick"><input type="checkbox" tabindex="-1" aria-label="Select ${esc(r.name)}"${S.selected.has(r.name) ? " checked" : ""}></td>
<th scope="row"><span class="swatch"></span><a href="#" tabindex="-1">${esc(r.name)}</a>${note}${tags}</th>${columns.map(c => cell(r, c, best)).join("")}</tr>`;
}

// bestOf is the best result of the rows in each column that has one.
function bestOf(rows, columns) {
  const best = { numeric: new Set(columns.filter(c => isNumeric(rows, c))) };
  for (const c of columns) {
    const f = fields[c];
    if (!f || !(f.high && f.share || f.low) || rows.length < 2) continue;
    for (const r of rows) {
      const v = f.get(r);
      if (v !== null && v !== undefined && (best[c] === undefined || (f.high ? v > best[c] : v < best[c]))) best[c] = v;
    }
  }
  return best;
}

// drawTable draws the table for the filter, and says how many runs there are.
function drawTable() {
  rowsNow = listed();
  const columns = columnsNow(), best = bestOf(rowsNow, columns);
  const held = document.activeElement?.dataset?.sort, all = rowsNow.length > 0 && rowsNow.every(r => S.selected.has(r.name));
  const head = ["name", ...columns].map(c => `<th scope="col"${c !== "name" && best.numeric.has(c) ? ' class="number"' : ""} aria-sort="${S.sort === c ? (S.down ? "descending" : "ascending") : "none"}"><button data-sort="${esc(c)}">${esc(c === "name" ? "run" : heading(c))}<span aria-hidden="true">${S.sort === c ? (S.down ? " ▾" : " ▴") : ""}</span></button></th>`);
  $("table").tHead.innerHTML = `<tr><th class="pick"><input type="checkbox" id="pick-all" tabindex="-1" aria-label="Select all"${all ? " checked" : ""}></th>${head.join("")}</tr>`;
  if (held) $("table").tHead.querySelector(`[data-sort="${CSS.escape(held)}"]`)?.focus();
  $("table").tBodies[0].innerHTML = rowsNow.slice(0, limit).map(r => rowHTML(r, columns, best)).join("");
  for (const bar of $("table").querySelectorAll("[data-width]")) bar.style.width = bar.dataset.width + "%";
  paintSwatches();
  $("count").textContent = rowsNow.length === S.rows.size ? `${S.rows.size} run${S.rows.size === 1 ? "" : "s"}` : `${rowsNow.length} of ${S.rows.size}`;
  const hidden = [...S.rows.values()].filter(r => r.hidden).length;
  $("hidden-label").hidden = hidden === 0;
  $("hidden-label").lastChild.textContent = ` ${hidden} hidden`;
  $("show-hidden").checked = S.showHidden;
  $("none").hidden = rowsNow.length > 0;
  $("none").innerHTML = !S.complete && !S.rows.size ? "Reading the runs …" : S.rows.size ? "No run matches. <button id=\"unfilter\">Clear the filter</button>" : "There is no run here yet. <code>glyph train</code> makes one, and it appears while it trains.";
  const unfilter = $("unfilter");
  if (unfilter) unfilter.onclick = () => { setFilter(""); $("filter").focus(); };
  $("actions").hidden = S.selected.size === 0;
  return rowsNow;
}

function paintSwatches() {
  for (const tr of document.querySelectorAll("tr[data-name]")) {
    const swatch = tr.querySelector(".swatch");
    if (swatch) swatch.style.background = colourOf(tr.dataset.name);
  }
}

// moveTo makes a row the current one and shows it.
function moveTo(name, focus) {
  S.at = name;
  const i = rowsNow.findIndex(r => r.name === name);
  if (i >= limit) { limit = i + 50; drawTable(); }
  for (const tr of $("table").querySelectorAll("tr.at")) tr.classList.remove("at");
  const tr = $("table").querySelector(`tr[data-name="${CSS.escape(name)}"]`);
  if (!tr) return;
  tr.classList.add("at");
  tr.scrollIntoView({ block: "nearest" });
  if (focus) $("wrap").focus({ preventScroll: true });
}

function step(by) {
  if (!rowsNow.length) return;
  const i = rowsNow.findIndex(r => r.name === S.at);
  moveTo(rowsNow[Math.min(Math.max(i < 0 ? 0 : i + by, 0), rowsNow.length - 1)].name, true);
}

// select selects or unselects a row; with range, all from the last one to it.
function select(name, range) {
  const on = !S.selected.has(name), list = rowsNow.map(r => r.name);
  const from = range && list.includes(anchor) ? list.indexOf(anchor) : list.indexOf(name), to = list.indexOf(name);
  for (const n of list.slice(Math.min(from, to), Math.max(from, to) + 1)) on || range ? S.selected.add(n) : S.selected.delete(n);
  anchor = name;
  changed();
}

// chosen is the runs that an action is for: the one that is open, the selected ones, or
// the current one. An address may select runs that are gone.
const chosen = () => (S.tab === "run" ? [S.run] : S.selected.size ? [...S.selected] : [S.at]).filter(n => S.rows.has(n));
const naming = list => list.length === 1 ? list[0] : `${list.length} runs`;

async function act(what) {
  const list = chosen();
  if (what === "clear") { S.selected.clear(); changed(); return; }
  if (what === "diff") { show("diff"); return; }
  if (!list.length || !S.can.change) return;
  try {
    if (what === "hide") await hide(list);
    if (what === "delete") await remove(list);
    if (what === "tag") await tag(list);
    if (what === "note") await note(list);
  } catch (e) { failed(e); }
}

async function hide(list) {
  const hidden = !list.every(n => S.rows.get(n).hidden);
  await ask("api/mark", { runs: list, hidden });
  for (const n of list) S.selected.delete(n);
  toast(`${naming(list)} ${hidden ? "hidden" : "shown again"}`, "Undo", () => ask("api/mark", { runs: list, hidden: !hidden }).catch(failed));
}

async function remove(list) {
  const answer = await ask("api/delete", { runs: list });
  for (const n of list) S.selected.delete(n);
  toast(`${naming(list)} moved to the trash`, "Undo", () => ask("api/restore", { runs: answer.restore }).catch(failed));
}

async function tag(list) {
  const known = [...new Set([...S.rows.values()].flatMap(r => r.tags || []))].sort();
  const got = await dialog(`<form><h2>Tag ${esc(naming(list))}</h2><label>One word. If all of them have it already, it is taken off.<input name="tag" list="known-tags" maxlength="60" required pattern="[^\\s,&quot;]+" autofocus autocomplete="off"></label>
<datalist id="known-tags">${known.map(t => `<option value="${esc(t)}">`).join("")}</datalist><p class="buttons"><button type="button" data-close>Cancel</button><button class="main">Tag</button></p></form>`);
  if (!got) return;
  const has = list.every(n => (S.rows.get(n).tags || []).includes(got.tag));
  await ask("api/mark", has ? { runs: list, untag: got.tag } : { runs: list, tag: got.tag });
  toast(has ? `${got.tag} removed from ${naming(list)}` : `${naming(list)} tagged ${got.tag}`);
}

async function note(list) {
  const old = list.length === 1 ? S.rows.get(list[0]).note || "" : "";
  const got = await dialog(`<form><h2>Note on ${esc(naming(list))}</h2><textarea name="note" rows="5" maxlength="5000" autofocus aria-label="Note">${esc(old)}</textarea><p class="buttons"><button type="button" data-close>Cancel</button><button class="main">Save</button></p></form>`);
  if (got) await ask("api/mark", { runs: list, note: got.note });
}

async function trash() {
  const list = Object.entries(S.trash).sort((a, b) => (a[1].deleted < b[1].deleted ? 1 : -1));
  await new Promise(done => {
    const closed = dialog(`<form><h2>Trash</h2><p class="soft">Deleted runs are in the directory <code>.trash</code> beside the others. Removing them there frees the disk.</p>
<ul class="plain">${list.map(([id, t]) => `<li><span>${esc(t.name)} <span class="soft">${when(t.deleted) === "–" ? "" : when(t.deleted)}</span></span><button type="button" data-id="${esc(id)}">Restore</button></li>`).join("") || "<li>Nothing is in it.</li>"}</ul><p class="buttons"><button type="button" data-close class="main">Close</button></p></form>`);
    for (const b of $("dialog").querySelectorAll("[data-id]")) b.onclick = () => ask("api/restore", { runs: [b.dataset.id] }).then(() => { b.disabled = true; b.textContent = "Restored"; }).catch(e => { b.textContent = e.message; });
    closed.then(done);
  });
}

// columnMenu is the choice of columns.
function columnMenu() {
  const now = columnsNow();
  $("columns").innerHTML = [...Object.keys(fields).filter(c => c !== "name"), ...settingNames()].map(c => `<label><input type="checkbox" value="${esc(c)}"${now.includes(c) ? " checked" : ""}> ${esc(heading(c))}</label>`).join("") + `<button class="quiet">Default columns</button>`;
  $("columns").onchange = e => {
    const list = columnsNow();
    S.columns = e.target.checked ? [...list, e.target.value] : list.filter(c => c !== e.target.value);
    changed();
  };
  $("columns").querySelector("button").onclick = () => { S.columns = null; changed(); columnMenu(); };
}

function tableEvents() {
  $("table").onclick = e => {
    const sort = e.target.closest("[data-sort]"), tr = e.target.closest("tr[data-name]"), t = e.target.closest("[data-tag]");
    if (e.target.id === "pick-all") {
      const on = e.target.checked;
      for (const r of rowsNow) on ? S.selected.add(r.name) : S.selected.delete(r.name);
      changed();
    } else if (sort) {
      const key = sort.dataset.sort, f = fields[key];
      S.down = S.sort === key ? !S.down : Boolean(f && (f.high || key === "started"));
      S.sort = key;
      changed();
    } else if (t) {
      setFilter(`${S.filter} tag=${t.dataset.tag}`.trim());
    } else if (tr) {
      e.preventDefault();
      moveTo(tr.dataset.name);
      if (e.target.closest("a")) open(tr.dataset.name);
      else select(tr.dataset.name, e.shiftKey);
    }
  };
  $("wrap").onscroll = () => {
    const w = $("wrap");
    if (limit < rowsNow.length && w.scrollTop + w.clientHeight > w.scrollHeight - 400) { limit += 50; drawTable(); }
  };
}
