"use strict";
// Charts under fingers: two zoom and move the horizontal axis, one moves it while it is
// zoomed, and a double tap shows all. Moving up and down scrolls the page.

function touchZoom(chart) {
  const u = chart.plot, fingers = new Map();
  let held = [], tapped = 0, moved = false;
  const place = e => e.clientX - u.over.getBoundingClientRect().left;
  // hold remembers which value is under each finger.
  const hold = () => { held = [...fingers].slice(0, 2).map(([id, x]) => [id, u.posToVal(x, "x")]); };
  u.over.style.touchAction = "pan-y";
  u.over.addEventListener("pointerdown", e => {
    if (e.pointerType !== "touch") return;
    moved = false;
    fingers.set(e.pointerId, place(e));
    hold();
  });
  u.over.addEventListener("pointermove", e => {
    if (!fingers.has(e.pointerId)) return;
    fingers.set(e.pointerId, place(e));
    const width = u.over.clientWidth, [a, b] = held, { min, max } = u.scales.x;
    if (!b && !chart.zoomed) return;
    let per = (max - min) / width;
    if (b) {
      const apart = fingers.get(b[0]) - fingers.get(a[0]);
      if (Math.abs(apart) < 20) return;
      per = (b[1] - a[1]) / apart;
    }
    if (!(per > 0)) return;
    const all = u.data[0], first = all[0], last = all[all.length - 1], span = Math.min(per * width, last - first);
    const from = Math.min(Math.max(a[1] - per * fingers.get(a[0]), first), last - span);
    moved = true;
    chart.zoomed = span < last - first && "x";
    u.setScale("x", { min: from, max: from + span });
  });
  for (const end of ["pointerup", "pointercancel"]) u.over.addEventListener(end, e => {
    if (!fingers.delete(e.pointerId)) return;
    hold();
    if (moved || end === "pointercancel" || fingers.size) return;
    if (e.timeStamp - tapped < 350) { chart.zoomed = false; u.setData(u.data, true); }
    tapped = e.timeStamp;
  });
}
