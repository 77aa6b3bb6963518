"use strict";
// How an answer is shown: the character, what the network saw of it, and why.

const $ = id => document.getElementById(id);
const verdict = $("verdict"), seen = $("pixels"), reading = $("reading");
const many = 12; // classes: more are sorted by their probability

function style(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
function sentence(text) { return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : "."); }
function percent(p) { return (100 * p).toFixed(1) + "\u00a0%"; }
function called(c) { return `${c.kana || ""} ${c.name}`.trim(); }

function show(answer) {
  const best = answer.top[0];
  chances(answer);
  $("symbol").textContent = best.kana || best.name;
  $("symbol").className = [...(best.kana || best.name)].length > 2 ? "word" : "";
  $("symbol").lang = best.kana ? "ja" : "";
  $("name").textContent = best.kana ? best.name : "";
  $("sure").textContent = percent(best.probability);
  const text = answer.top.map(c => `${called(c)} ${percent(c.probability)}`).join(", ");
  if (!current) verdict.textContent = text; // not read out in the middle of a stroke
  reading.textContent = answer.reading;
  drawPixels(answer);
  drawRelevance(answer);
  drawLayers(answer.why ? answer.why.layers : []);
  chips(answer);
}

function chances(answer) {
  const rows = answer.probabilities.map((p, label) => {
    const row = $("class" + label);
    row.querySelector(".fill").style.width = 100 * p + "%";
    row.querySelector(".share").textContent = percent(p);
    row.classList.toggle("best", label === answer.top[0].label);
    return row;
  });
  if (rows.length <= many) return;
  rows.sort((a, b) => answer.probabilities[b.dataset.label] - answer.probabilities[a.dataset.label]);
  rows[0].parentNode.append(...rows);
}

// canvas of an image of h×w pixels, of which colour gives the red, green and blue.
function paint(canvas, w, h, colour) {
  canvas.width = w;
  canvas.height = h;
  const image = new ImageData(w, h);
  for (let i = 0; i < w * h; i++) image.data.set([...colour(i), 255], 4 * i);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function drawPixels(answer) {
  const n = answer.channels, p = answer.pixels;
  paint(seen, answer.width, answer.height, i => n === 3 ? p.slice(3 * i, 3 * i + 3) : [p[i], p[i], p[i]]);
}

// bytes are signed bytes from base64.
function bytes(text) { return Int8Array.from(atob(text), c => c.charCodeAt(0) << 24 >> 24); }

// Blue speaks for a class and orange against it, on the picture in a dark grey.
const forIt = [86, 180, 233], against = [255, 140, 40];
function drawRelevance(answer) {
  const why = answer.why;
  $("mattered").hidden = !why;
  $("inside").hidden = !why;
  if (!why) return;
  const r = bytes(why.relevance), n = answer.channels;
  paint($("relevance"), answer.width, answer.height, i => {
    const v = Math.sqrt(Math.abs(r[i]) / 127), ground = 0.25 * answer.pixels[n * i] * (1 - v);
    return (r[i] < 0 ? against : forIt).map(c => Math.round(ground + v * c));
  });
  const c = answer.top.find(c => c.label === why.label);
  $("explained").textContent = c ? c.kana || c.name : "it";
}

// A layer is one canvas: its maps side by side, in white what is positive and in orange
// what is negative.
function drawLayers(layers) {
  const box = $("layers");
  while (box.children.length > layers.length) box.lastChild.remove();
  if (box.firstElementChild && box.firstElementChild.tagName !== "FIGURE") box.replaceChildren();
  layers.forEach((l, at) => {
    let figure = box.children[at];
    if (!figure) {
      figure = document.createElement("figure");
      figure.append(document.createElement("canvas"), document.createElement("figcaption"));
      box.append(figure);
    }
    const canvas = figure.firstChild, single = l.width * l.height === 1;
    const columns = Math.min(l.maps, single ? 32 : l.maps > 8 ? 16 : 8), rows = Math.ceil(l.maps / columns);
    const w = l.width + 1, h = l.height + 1, v = bytes(l.values), wide = columns * w - 1;
    paint(canvas, wide, rows * h - 1, i => {
      const x = i % wide, y = Math.floor(i / wide), map = Math.floor(y / h) * columns + Math.floor(x / w);
      if (x % w === l.width || y % h === l.height || map >= l.maps) return [40, 44, 48];
      const value = v[(map * l.height + y % h) * l.width + x % w] / 127;
      return (value < 0 ? against : [255, 255, 255]).map(c => Math.round(Math.abs(value) * c));
    });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${l.maps} outputs of ${l.name}`);
    figure.lastChild.textContent = `${l.name}: ${l.text}` + (l.maps < l.of ? `; ${l.maps} of ${l.of} shown` : "");
  });
}

// chips are buttons for the characters in a picture, where there are several.
function chips(answer) {
  const box = $("several"), all = answer.all.length > 1 ? answer.all : [];
  box.hidden = all.length === 0;
  box.replaceChildren(...all.map((c, i) => {
    const b = document.createElement("button"), best = c.top[0];
    b.type = "button";
    b.textContent = `${best.kana || best.name} ${Math.round(100 * best.probability)}\u00a0%`;
    b.setAttribute("aria-pressed", String(i === answer.at));
    b.setAttribute("aria-label", `Character ${i + 1}: ${called(best)} ${percent(best.probability)}`);
    b.onclick = () => choose(c.ink);
    return b;
  }));
}

function reset() {
  for (const row of document.querySelectorAll("tbody tr")) {
    row.classList.remove("best");
    row.querySelector(".fill").style.width = "0";
    row.querySelector(".share").textContent = "–";
  }
  for (const c of [seen, $("relevance"), ...document.querySelectorAll("#layers canvas")]) c.getContext("2d").clearRect(0, 0, c.width, c.height);
  $("symbol").textContent = "?";
  $("symbol").className = "none";
  $("name").textContent = $("sure").textContent = "";
  $("explained").textContent = "it";
  reading.textContent = "";
  $("several").hidden = true;
}

function fail(text) {
  reset();
  verdict.textContent = text;
}
