'use strict';
/// What each task did when: a lane for each context, a row and a colour for each task, pale where it waits. The time shown is
/// that of the shortest run, so that runs can be compared by eye.
function timelines(runs) {
  const recorded = runs.filter(([, timeline]) => timeline && timeline.lanes.some(lane => lane.spans.length));
  if (!recorded.length) return;
  const ends = recorded.map(([, timeline]) => Math.max(...timeline.lanes.flatMap(lane => lane.spans.map(span => span[3]))));
  const window_us = Math.min(...ends);
  add(main, 'h2', 'Who did what when');
  add(main, 'p', `The first ${time(window_us / 1e6)} of each run. A row and a colour for each task; pale: it waits, strong: it sends, receives or parses.`, 'faint');
  for (const [name, timeline] of recorded) {
    add(main, 'h3', name);
    for (const lane of timeline.lanes) lane_picture(name, timeline.phases, lane, window_us);
  }
}

function lane_picture(name, phases, lane, window_us) {
  const tasks = [...new Set(lane.spans.map(span => span[0]))].sort((a, b) => a - b);
  const row = new Map(tasks.map((task, i) => [task, i]));
  const height = Math.max(2, Math.min(14, Math.floor(220 / tasks.length)));
  const text = `${lane.name}: ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}` + (lane.dropped ? `, ${figure(lane.dropped)} later spans not shown` : '');
  add(main, 'p', text, 'lane');
  const canvas = add(main, 'canvas', undefined, 'lane');
  const scale = window.devicePixelRatio || 1, width = main.clientWidth;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${name}, ${text}`);
  canvas.style.height = height * tasks.length + 'px';
  canvas.width = width * scale;
  canvas.height = height * tasks.length * scale;
  const draw = canvas.getContext('2d');
  draw.scale(scale, scale);
  const waits = new Set(['queue', 'connect', 'wait'].map(phase => phases.indexOf(phase)));
  let drawn = 0;
  for (const [task, what, begin, end] of lane.spans) {
    if (begin > window_us) continue;
    const failed = phases[what] === 'failed';
    draw.globalAlpha = waits.has(what) ? 0.35 : 1;
    draw.fillStyle = failed ? style('--bad') : `hsl(${(task * 137.5) % 360} 65% 50%)`;
    const x = begin / window_us * width;
    draw.fillRect(x, row.get(task) * height, Math.max(0.5, (end - begin) / window_us * width), Math.max(1, height - 1));
    ++drawn;
  }
  canvas.dataset.spans = drawn;
}
