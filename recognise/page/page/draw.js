"use strict";
// The strokes are kept, so that they can be undone and drawn again in another
// theme's ink. The paper is transparent: the server tells ink from paper.
const paper = document.getElementById("paper"), pen = document.getElementById("pen");
const verdict = document.getElementById("verdict"), seen = document.getElementById("pixels");
const brush = paper.getContext("2d");
let strokes = [], current = null, asking = false, again = false, turn = 0;

function style(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function drawStroke(s) {
  brush.strokeStyle = brush.fillStyle = style("--ink");
  brush.lineWidth = s.width;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  brush.moveTo(...s.points[0]);
  for (const p of s.points) brush.lineTo(...p); // a dot is a line to itself
  brush.stroke();
}

function redraw() {
  brush.clearRect(0, 0, paper.width, paper.height);
  strokes.forEach(drawStroke);
}

function place(e) {
  const box = paper.getBoundingClientRect();
  return [(e.clientX - box.left) * paper.width / box.width, (e.clientY - box.top) * paper.height / box.height];
}

paper.addEventListener("pointerdown", e => {
  if (e.button !== 0 || current) return;
  e.preventDefault();
  paper.setPointerCapture(e.pointerId);
  current = { id: e.pointerId, width: Number(pen.value), points: [place(e)] };
  strokes.push(current);
  drawStroke(current);
});
paper.addEventListener("pointermove", e => {
  if (!current || e.pointerId !== current.id) return;
  const all = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
  for (const m of all.length ? all : [e]) current.points.push(place(m));
  redraw(); // over itself a stroke's soft edge would grow hard
  ask();
});
function lift(e) {
  if (!current || e.pointerId !== current.id) return;
  current = null;
  ask();
}
paper.addEventListener("pointerup", lift);
paper.addEventListener("pointercancel", lift);

// One request at a time; what changed meanwhile is asked for afterwards.
async function ask() {
  if (asking) { again = true; return; }
  asking = true;
  do {
    again = false;
    const mine = turn;
    const picture = strokes.length && await new Promise(done => paper.toBlob(done, "image/png"));
    if (picture && mine === turn) await send(picture, mine);
  } while (again);
  asking = false;
}

async function send(picture, mine) {
  try {
    const reply = await fetch("/predict", { method: "POST", body: picture, headers: { "Content-Type": picture.type || "image/png" } });
    const answer = await reply.json();
    if (mine !== turn) return; // cleared since
    if (reply.ok) show(answer); else { reset(); verdict.textContent = answer.error; }
  } catch (e) {
    reset();
    verdict.textContent = "The server does not answer: is glyph serve still running?";
  }
}

function percent(p) { return (100 * p).toFixed(1) + "\u00a0%"; }

function show(answer) {
  answer.probabilities.forEach((p, label) => {
    const row = document.getElementById("class" + label);
    row.querySelector(".fill").style.width = 100 * p + "%";
    row.querySelector(".share").textContent = percent(p);
    row.classList.toggle("best", label === answer.top[0].label);
  });
  const text = answer.top.map(c => `${c.kana || ""} ${c.name} ${percent(c.probability)}`.trim()).join(", ");
  if (!current) verdict.textContent = text; // not read out in the middle of a stroke
  seen.width = answer.width;
  seen.height = answer.height;
  const image = new ImageData(answer.width, answer.height);
  answer.pixels.forEach((v, i) => image.data.set([v, v, v, 255], 4 * i));
  seen.getContext("2d").putImageData(image, 0, 0);
}

function reset() {
  document.querySelectorAll("tbody tr").forEach(row => {
    row.classList.remove("best");
    row.querySelector(".fill").style.width = "0";
    row.querySelector(".share").textContent = "–";
  });
  seen.getContext("2d").clearRect(0, 0, seen.width, seen.height);
}

function clear() {
  strokes = [];
  current = null;
  turn++;
  redraw();
  reset();
  verdict.textContent = "Draw, and every stroke is recognised.";
}
function undo() {
  if (strokes.length < 2) { clear(); return; }
  strokes.pop();
  current = null;
  redraw();
  ask();
}
document.getElementById("clear").addEventListener("click", clear);
document.getElementById("undo").addEventListener("click", undo);
document.addEventListener("keydown", e => {
  if (e.target.type === "file") return;
  if (e.key === "Escape") clear();
  if (e.key === "z" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); undo(); }
});
document.getElementById("file").addEventListener("change", async e => {
  const file = e.target.files[0];
  if (!file) return;
  clear();
  await send(file, turn);
  e.target.value = "";
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
