"use strict";
// What every part of the page uses: its state, the server, numbers, colours.

const $ = id => document.getElementById(id);
const esc = text => String(text).replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
const frozen = $("data") ? JSON.parse($("data").textContent) : null; // in an exported file

const S = {
  rows: new Map(), version: -1, complete: false, can: {}, trash: {}, errors: {}, root: "",
  filter: "", sort: "started", down: true, showHidden: false, columns: null,
  selected: new Set(), at: "", tab: "runs", run: "", study: "",
  x: "epoch", smooth: 0, log: false, parts: { train: true, validation: true }, extra: [],
  over: "seed", result: "", groupMetric: "",
};

// The server.

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let reply;
  try {
    reply = await fetch(path, options);
  } catch (e) {
    throw new Error("The server is not responding. Is glyph ui still running?");
  }
  const answer = await reply.json().catch(() => null);
  if (!reply.ok || !answer) throw new Error((answer && answer.error) || `The server answered with status ${reply.status}.`);
  return answer;
}

const cache = new Map(); // curves by run, with the version that they are of

// curvesOf brings the curves of these runs up to date and calls back if any changed.
async function fetchCurves(names) {
  const old = names.filter(n => S.rows.has(n) && (!cache.has(n) || cache.get(n).version !== S.rows.get(n).version));
  if (frozen || old.length === 0) return false;
  const versions = new Map(old.map(n => [n, S.rows.get(n).version]));
  for (let i = 0; i < old.length; i += 100) { // an address has a limit
    const some = old.slice(i, i + 100);
    const got = await ask("api/curves?" + some.map(n => "run=" + encodeURIComponent(n)).join("&"));
    for (const n of some) cache.set(n, { version: versions.get(n), curves: got[n] || null });
  }
  return true;
}

function curves(name) {
  if (frozen) return frozen.curves[name] || null;
  const c = cache.get(name);
  return c ? c.curves : null;
}

// Numbers.

const percent = v => v == null ? "–" : (100 * v).toFixed(2) + " %";
const loss = v => v == null ? "–" : v >= 1000 ? v.toExponential(2) : v.toFixed(4);
const whole = v => v == null ? "–" : Math.round(v).toLocaleString("en");
const short = v => v == null ? "–" : Math.abs(v) >= 1000 ? whole(v) : String(Number(v.toPrecision(4)));

function duration(s) {
  if (s == null) return "–";
  if (s > 0 && s < 0.1) return Number((1000 * s).toPrecision(2)) + " ms";
  if (s < 10) return s.toFixed(1) + " s";
  if (s < 60) return Math.round(s) + " s";
  const h = Math.floor(s / 3600), m = Math.floor(s % 3600 / 60);
  return h ? `${h} h ${m} min` : `${m} min ${Math.round(s % 60)} s`;
}

function when(text) {
  const d = new Date(text), two = n => String(n).padStart(2, "0");
  return isNaN(d) || d.getFullYear() < 1980 ? "–" : `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

const isNumber = text => text !== "" && text != null && !isNaN(Number(text));

// compareText puts numbers in their order and before words.
function compareText(a, b) {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  const some = /^\d[\d.]*(,\d[\d.]*)*$/;
  if (some.test(a) && some.test(b)) { // lists of numbers, such as 64 and 128,64
    const one = String(a).split(",").map(Number), two = String(b).split(",").map(Number), i = one.findIndex((v, i) => v !== two[i]);
    return i < 0 ? one.length - two.length : i < two.length ? one[i] - two[i] : 1;
  }
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

// Colours that colour-blind people can tell apart: Okabe & Ito 2008, on dark grounds
// in lighter shades.
const dark = matchMedia("(prefers-color-scheme: dark)");
const light7 = ["#0072b2", "#d55e00", "#009e73", "#b8568e", "#8a6d00", "#56b4e9", "#555555"];
const dark7 = ["#56b4e9", "#ff8c42", "#2fc99b", "#e79fc5", "#f0e442", "#a5b4fc", "#c8c8c8"];
const palette = () => dark.matches ? dark7 : light7;
const cividis = [[0, 34, 78], [26, 56, 111], [67, 78, 108], [97, 101, 111], [125, 124, 120], [155, 148, 118], [188, 174, 108], [222, 201, 88], [254, 232, 56]];

// ramp is a colour for 0 to 1, from cividis (Nuñez, Anderton & Renslow 2018), without
// the end that the ground would swallow.
function ramp(v) {
  v = dark.matches ? 0.25 + 0.75 * v : 0.85 * v;
  const at = Math.min(Math.max(v, 0), 1) * (cividis.length - 1), i = Math.min(Math.floor(at), cividis.length - 2), f = at - i;
  return `rgb(${cividis[i].map((c, k) => Math.round(c + f * (cividis[i + 1][k] - c))).join(",")})`;
}

const ink = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

// A run keeps its colour while it is plotted.
const slots = new Map();
function assignColours(names) {
  for (const n of slots.keys()) if (!names.includes(n)) slots.delete(n);
  const used = new Set(slots.values());
  for (const n of names) {
    if (slots.has(n)) continue;
    let i = 0;
    while (used.has(i)) i++;
    used.add(i);
    slots.set(n, i);
  }
}
const colourOf = name => slots.has(name) ? palette()[slots.get(name) % 7] : "transparent";

// What is said for a moment, with a way back.

let toasting;
function toast(text, label, back) {
  const box = $("toast"), button = box.querySelector("button");
  box.querySelector("span").textContent = text;
  button.hidden = !label;
  button.textContent = label || "";
  button.onclick = () => { box.hidden = true; back(); };
  box.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => { box.hidden = true; }, label ? 12000 : 6000);
}
const failed = e => toast(e.message || String(e));

// tip shows a box beside the pointer.
function tip(html, x, y) {
  const box = $("tip");
  box.hidden = !html;
  if (!html) return;
  box.innerHTML = html;
  const b = box.getBoundingClientRect();
  box.style.left = Math.max(4, x + 14 + b.width > innerWidth ? x - b.width - 14 : x + 14) + "px";
  box.style.top = Math.max(4, Math.min(y + 14, innerHeight - b.height - 4)) + "px";
}

// dialog shows a form and answers with what was entered, or null.
function dialog(html) {
  const box = $("dialog");
  box.innerHTML = html;
  return new Promise(done => {
    let answer = null;
    const form = box.querySelector("form");
    if (form) form.onsubmit = e => { e.preventDefault(); answer = Object.fromEntries(new FormData(form)); box.close(); };
    for (const b of box.querySelectorAll("[data-close]")) b.onclick = () => box.close();
    box.onclick = e => { if (e.target === box) box.close(); };
    box.onclose = () => done(answer);
    box.showModal();
  });
}
