"use strict";
// The paper: strokes, which are kept so that they can be undone and drawn again in another
// theme's ink, or a picture. The paper is transparent where nothing is drawn: the server
// separates ink from paper. What is shown about them lies on a canvas of its own.
const paper = $("paper"), pen = $("pen");
const brush = paper.getContext("2d"), marks = $("marks").getContext("2d");
let strokes = [], current = null, asking = false, again = false, turn = 0;
let picture = null;   // {file, drawn}: what is sent, and what of it is shown
let place = null;     // the place in the picture whose character is explained
let last = null;      // the last answer
let cursor = null;    // of the keyboard's pen

function drawStroke(s) {
  brush.strokeStyle = brush.fillStyle = style("--ink");
  brush.lineWidth = s.width;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  brush.moveTo(...s.points[0]);
  for (const p of s.points) brush.lineTo(...p); // a dot is a line to itself
  brush.stroke();
}

// fitted is where a picture lies on the paper, and how much it is enlarged.
function fitted(w, h) {
  const scale = Math.min(paper.width / w, paper.height / h);
  return { scale, left: (paper.width - scale * w) / 2, top: (paper.height - scale * h) / 2 };
}

function redraw() {
  brush.clearRect(0, 0, paper.width, paper.height);
  if (picture && picture.drawn) {
    const { drawn } = picture, at = fitted(drawn.width, drawn.height);
    brush.imageSmoothingQuality = "high";
    brush.drawImage(drawn, at.left, at.top, at.scale * drawn.width, at.scale * drawn.height);
  }
  strokes.forEach(drawStroke);
}

// annotate draws a box around each character of a picture or of several, with its name,
// and the keyboard's cursor.
function annotate() {
  marks.clearRect(0, 0, paper.width, paper.height);
  if (last && (picture || last.all.length > 1)) {
    const at = fitted(...last.size);
    last.all.forEach((c, i) => {
      const [x, y, w, h] = c.ink.map(v => v * at.scale), chosen = i === last.at;
      marks.strokeStyle = marks.fillStyle = style(chosen ? "--best" : "--fill");
      marks.lineWidth = chosen ? 4 : 2;
      marks.setLineDash(chosen ? [] : [6, 4]);
      marks.strokeRect(at.left + x - 3, at.top + y - 3, w + 6, h + 6);
      if (last.all.length < 2) return;
      marks.setLineDash([]);
      const text = c.top[0].kana || c.top[0].name, above = at.top + y > 30;
      marks.font = "bold 20px system-ui, sans-serif";
      marks.fillRect(at.left + x - 5, at.top + (above ? y - 28 : y), marks.measureText(text).width + 10, 25);
      marks.fillStyle = style("--paper");
      marks.fillText(text, at.left + x, at.top + (above ? y - 9 : y + 19));
    });
  }
  if (!cursor) return;
  marks.setLineDash([]);
  marks.strokeStyle = style(current ? "--best" : "--fill");
  marks.lineWidth = 2;
  marks.strokeRect(cursor[0] - 8, cursor[1] - 8, 16, 16);
}

function under(e) {
  const box = paper.getBoundingClientRect();
  return [(e.clientX - box.left) * paper.width / box.width, (e.clientY - box.top) * paper.height / box.height];
}

function begin(id, at) {
  if (!strokes.length) clear(); // a picture that is shown, or being read
  current = { id, width: Number(pen.value), points: [at] };
  strokes.push(current);
  drawStroke(current);
  if (strokes.length === 1) verdict.textContent = "…"; // until it is lifted
}

function extend(...points) {
  current.points.push(...points);
  place = points[points.length - 1];
  redraw(); // drawn over itself, a stroke's antialiased edge would harden
  ask();
}

function lift() {
  place = current.points[current.points.length - 1];
  current = null;
  ask();
}

paper.addEventListener("pointerdown", e => {
  if (e.button !== 0 || current) return;
  e.preventDefault();
  paper.setPointerCapture(e.pointerId);
  cursor = null;
  begin(e.pointerId, under(e));
});
paper.addEventListener("pointermove", e => {
  if (!current || e.pointerId !== current.id) return;
  const all = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
  extend(...(all.length ? all : [e]).map(under));
});
for (const end of ["pointerup", "pointercancel"]) {
  paper.addEventListener(end, e => { if (current && e.pointerId === current.id) lift(); });
}

// One request at a time; changes made meanwhile are sent afterwards.
async function ask() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    do {
      again = false;
      const mine = turn;
      if (!strokes.length && !picture) continue;
      const file = picture ? picture.file : await new Promise(done => paper.toBlob(done, "image/png"));
      if (mine !== turn) continue;
      if (file) await send(file, mine);
      else fail("This browser can't make a picture of the drawing.");
    } while (again);
  } finally {
    asking = false;
  }
}

// send shows the server's answer for a picture, unless it comes too late.
async function send(file, mine) {
  let reply, answer;
  const where = place ? `?x=${Math.max(0, Math.round(place[0]))}&y=${Math.max(0, Math.round(place[1]))}` : "";
  try {
    reply = await fetch("explain" + where, { method: "POST", body: file, headers: { "Content-Type": file.type || "image/png" } });
  } catch (e) {
    const gone = await file.arrayBuffer().then(() => false, () => true);
    if (mine !== turn) return;
    last = null;
    fail(gone ? "The picture can't be read: choose it again." : "The server is not responding. Is Glyph still running?");
    annotate();
    return;
  }
  try {
    answer = await reply.json();
  } catch (e) {
    answer = null; // a proxy's page, or an answer that was cut off
  }
  if (mine !== turn) return; // cleared since
  last = reply.ok && answer && answer.top ? answer : null;
  if (last) show(last);
  else fail(sentence((answer && answer.error) || `the server answered with status ${reply.status} and gave no reason`));
  annotate();
}

// choose explains the character with this box of ink.
function choose([x, y, w, h]) {
  place = [x + w / 2, y + h / 2];
  ask();
}

// invite says what to do on an empty paper. What is touched has no pictures to drop.
function invite() {
  verdict.textContent = "Draw a character: it is recognised after every stroke." + (matchMedia("(pointer: coarse)").matches ? "" : " Or drop or paste a picture.");
}

function clear() {
  strokes = [];
  current = picture = place = last = null;
  turn++;
  redraw();
  reset();
  annotate();
  invite();
}
function undo() {
  if (strokes.length < 2) { clear(); return; }
  strokes.pop();
  current = null;
  place = strokes[strokes.length - 1].points.slice(-1)[0]; // the character that is drawn now
  redraw();
  ask();
}
$("clear").addEventListener("click", clear);
$("undo").addEventListener("click", undo);
document.addEventListener("keydown", e => {
  if (e.target.type === "file") return;
  if (e.key === "Escape") clear();
  if (e.key === "z" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); undo(); }
});

// The keyboard's pen: arrows move it, Space puts it down and lifts it.
const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
paper.addEventListener("keydown", e => {
  const by = moves[e.key];
  if (!by && e.key !== " " || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  cursor = cursor || [paper.width / 2, paper.height / 2];
  if (by) {
    const step = e.shiftKey ? 4 : 16;
    cursor = cursor.map((v, i) => Math.min(Math.max(v + step * by[i], 0), paper.width));
    if (current && current.id === "keys") extend(cursor);
  } else if (current) {
    lift();
  } else {
    begin("keys", cursor);
  }
  annotate();
});
paper.addEventListener("blur", () => {
  if (current && current.id === "keys") lift();
  cursor = null;
  annotate();
});

// Pictures: chosen, photographed, dropped or pasted.
async function take(file) {
  if (!file) return;
  clear();
  const mine = turn;
  verdict.textContent = "Reading the picture…";
  const scaled = await reduced(file);
  if (mine !== turn) return;
  picture = scaled;
  redraw();
  ask();
}
for (const id of ["file", "camera"]) {
  $(id).addEventListener("change", e => {
    const file = e.target.files[0];
    e.target.value = ""; // so that the same file can be chosen again
    take(file);
  });
}
document.addEventListener("paste", e => {
  const file = [...e.clipboardData.files].find(f => f.type.startsWith("image/"));
  if (file) { e.preventDefault(); take(file); }
});
document.addEventListener("dragover", e => { e.preventDefault(); document.body.classList.add("over"); });
document.addEventListener("dragleave", e => { if (!e.relatedTarget) document.body.classList.remove("over"); });
document.addEventListener("drop", e => {
  e.preventDefault();
  document.body.classList.remove("over");
  take(e.dataTransfer.files[0]);
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
    const read = /^image\/(png|jpeg|gif)$/.test(file.type); // by the server too
    if (scale >= 1 && read) return { file, drawn };
    const small = document.createElement("canvas");
    small.width = Math.max(1, Math.round(Math.min(scale, 1) * drawn.width));
    small.height = Math.max(1, Math.round(Math.min(scale, 1) * drawn.height));
    const to = small.getContext("2d");
    to.imageSmoothingQuality = "high";
    to.drawImage(drawn, 0, 0, small.width, small.height);
    const made = await new Promise(done => small.toBlob(done, "image/png"));
    return { file: made || file, drawn: small };
  } catch (e) {
    return { file, drawn };
  }
}
invite();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { redraw(); annotate(); });
