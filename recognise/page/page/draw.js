"use strict";
// The strokes are kept, so that they can be undone and drawn again in another
// theme's ink. The paper is transparent: the server separates ink from paper.
const paper = document.getElementById("paper"), pen = document.getElementById("pen");
const verdict = document.getElementById("verdict"), seen = document.getElementById("pixels");
const reading = document.getElementById("reading");
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
  if (!strokes.length) clear(); // a picture that is shown, or being read
  current = { id: e.pointerId, width: Number(pen.value), points: [place(e)] };
  strokes.push(current);
  drawStroke(current);
});
paper.addEventListener("pointermove", e => {
  if (!current || e.pointerId !== current.id) return;
  const all = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
  for (const m of all.length ? all : [e]) current.points.push(place(m));
 redraw(); // drawn over itself, a stroke's antialiased edge would harden
  ask();
});
function lift(e) {
  if (!current || e.pointerId !== current.id) return;
  current = null;
  ask();
}
paper.addEventListener("pointerup", lift);
paper.addEventListener("pointercancel", lift);

// One request at a time; changes made meanwhile are sent afterwards.
async function ask() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    do {
      again = false;
      const mine = turn;
      if (!strokes.length) continue;
      const picture = await new Promise(done => paper.toBlob(done, "image/png"));
      if (mine !== turn) continue;
      if (picture) await send(picture, mine);
      else fail("This browser can't make a picture of the drawing.");
    } while (again);
  } finally {
    asking = false;
  }
}

// send shows the server's prediction for a picture; it returns the answer, or
// nothing if there is none or it is too late.
async function send(picture, mine) {
  let reply, answer;
  try {
    reply = await fetch("predict", { method: "POST", body: picture, headers: { "Content-Type": picture.type || "image/png" } });
  } catch (e) {
    if (mine === turn) fail("The server is not responding. Is glyph serve still running?");
    return;
  }
  try {
    answer = await reply.json();
  } catch (e) {
    answer = null; // a proxy's page, or an answer that was cut off
  }
  if (mine !== turn) return; // cleared since
  if (reply.ok && answer && answer.top) { show(answer); return answer; }
  fail(sentence((answer && answer.error) || `the server answered with status ${reply.status} and gave no reason`));
}

function fail(text) {
  reset();
  verdict.textContent = text;
}

function sentence(text) { return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : "."); }

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
  reading.textContent = answer.reading;
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
  reading.textContent = "";
}

function clear() {
  strokes = [];
  current = null;
  turn++;
  redraw();
  reset();
  verdict.textContent = "Draw a character; it is recognised after every stroke.";
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
  const mine = turn;
  e.target.value = ""; // so that the same file can be chosen again
  verdict.textContent = "Reading the picture…";
  const { picture, drawn } = await reduced(file);
  if (mine !== turn) return;
  const answer = await send(picture, mine);
  if (answer && drawn) outline(drawn, answer);
});

// Enough for a character, in pixels of the longer side: a photograph is scaled down
// to this before it is sent.
const enough = 1600;

// reduced is a file to send, and the picture of it to show. A file that the browser
// can't read is sent as it is: the server says what is wrong with it.
async function reduced(file) {
  let drawn;
  try {
    drawn = await createImageBitmap(file); // upright, as the camera noted
    const scale = enough / Math.max(drawn.width, drawn.height);
    if (scale >= 1) return { picture: file, drawn };
    const small = document.createElement("canvas");
    small.width = Math.max(1, Math.round(scale * drawn.width));
    small.height = Math.max(1, Math.round(scale * drawn.height));
    const to = small.getContext("2d");
    to.imageSmoothingQuality = "high";
    to.drawImage(drawn, 0, 0, small.width, small.height);
    const picture = await new Promise(done => small.toBlob(done, "image/png"));
    return { picture: picture || file, drawn: small };
  } catch (e) {
    return { picture: file, drawn };
  }
}

// outline shows a picture in place of the drawing, and a box around what was taken as
// ink.
function outline(drawn, answer) {
  const scale = Math.min(paper.width / drawn.width, paper.height / drawn.height);
  const w = scale * drawn.width, h = scale * drawn.height, left = (paper.width - w) / 2, top = (paper.height - h) / 2;
  brush.drawImage(drawn, left, top, w, h);
  const [x, y, inkW, inkH] = answer.ink, per = w / answer.size[0];
  brush.strokeStyle = style("--best");
  brush.lineWidth = 3;
  brush.strokeRect(left + per * x, top + per * y, per * inkW, per * inkH);
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (strokes.length) redraw(); });
