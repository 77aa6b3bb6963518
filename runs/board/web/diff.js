"use strict";
// What differs between the selected runs, and only that.

let diffAll = false;

function drawDiff() {
  const view = $("view-diff");
  const list = rowsNow.filter(r => S.selected.has(r.name));
  if (list.length < 2) {
    view.innerHTML = `<p class="empty">Select two or more runs in the table to see in what they differ: click rows, or use the arrow keys and Space. <button id="diff-first">Take the first ${Math.min(4, rowsNow.length)}</button></p>`;
    $("diff-first").onclick = () => { for (const r of rowsNow.slice(0, 4)) S.selected.add(r.name); changed(); };
    return;
  }
  assignColours(plotted(rowsNow).names);
  const different = varying(list), same = settingNames().filter(k => !different.includes(k) && !aside.has(settingOf(k)));
  const results = Object.keys(fields).filter(k => !["name", "tag", "note"].includes(k) && list.some(r => valueOf(r, k) !== null));
  const changing = results.filter(k => new Set(list.map(r => shownOf(r, k))).size > 1);
  const best = bestOf(list, results);
  const line = (k, mark) => `<tr><th scope="row">${esc(heading(k))}</th>${list.map(r => {
    const v = valueOf(r, k), base = valueOf(list[0], k);
    const good = best[k] !== undefined && v === best[k];
    return `<td class="${mark && v !== base ? "changed" : ""}${good ? " best" : ""}">${esc(shownOf(r, k))}${good ? ' <span class="soft">best</span>' : ""}</td>`;
  }).join("")}</tr>`;
  const part = (title, keys, mark) => keys.length ? `<tbody><tr class="part"><th colspan="${list.length + 1}" scope="rowgroup">${title}</th></tr>${keys.map(k => line(k, mark)).join("")}</tbody>` : "";
  view.innerHTML = `<p class="tools"><b>${list.length} runs</b> <span>${different.length ? `differ in ${different.length} setting${different.length === 1 ? "" : "s"}; shaded is what is not as in ${esc(list[0].name)}` : "have the same settings"}</span>
<label class="end"><input type="checkbox" id="diff-all"${diffAll ? " checked" : ""}> show what is equal, too</label></p>
<div class="scroll"><table class="diff"><thead><tr><td></td>${list.map(r => `<th scope="col" data-run="${esc(r.name)}"><span class="swatch" data-colour="${colourOf(r.name)}"></span><a href="#">${esc(r.name)}</a> <button class="quiet" aria-label="Leave ${esc(r.name)} out" title="Leave out">×</button></th>`).join("")}</tr></thead>
${part("Settings", different, true)}${part("Results", diffAll ? results : changing, false)}${diffAll ? part("The same in all", same, false) : ""}</table></div>`;
  for (const s of view.querySelectorAll("[data-colour]")) s.style.background = s.dataset.colour;
  $("diff-all").onchange = e => { diffAll = e.target.checked; drawDiff(); };
  for (const th of view.querySelectorAll("[data-run]")) {
    th.querySelector("a").onclick = e => { e.preventDefault(); open(th.dataset.run); };
    th.querySelector("button").onclick = () => { S.selected.delete(th.dataset.run); changed(); };
  }
}
