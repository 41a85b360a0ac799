'use strict';
// What the reports' scripts draw with. Every figure of a page is a field of its JSON, which the program wrote.
const data = JSON.parse(document.getElementById('data').textContent);
const main = document.getElementById('main');
const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colours = ['#3b7ddd', '#e07b39', '#2f9e6e', '#b04fc4', '#c9a227', '#d64550'];

const figure = value => value == null ? '-' : Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(+value.toPrecision(3));
const time = seconds => seconds == null ? '-' : seconds >= 1 ? figure(seconds) + ' s' : seconds >= 1e-3 ? figure(seconds * 1e3) + ' ms'
  : seconds >= 1e-6 ? figure(seconds * 1e6) + ' µs' : figure(seconds * 1e9) + ' ns';
const bounded = summary => figure(summary.mean) + (summary.ci95 == null ? '' : ' ± ' + figure(summary.ci95));

function add(parent, name, text, kind) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (kind) node.className = kind;
  return parent.appendChild(node);
}

function table(titles, rows, id) {
  const out = add(add(main, 'div', undefined, 'scroll'), 'table');
  if (id) out.id = id;
  const head = add(out, 'tr');
  for (const title of titles) add(head, 'th', title);
  for (const row of rows) {
    const line = add(out, 'tr');
    for (const cell of row) {
      if (cell instanceof Object) add(line, 'td', cell.text, cell.kind);
      else add(line, 'td', cell);
    }
  }
  return out;
}

function chart(title, config) {
  add(main, 'h2', title);
  const canvas = add(add(main, 'div', undefined, 'chart'), 'canvas');
  Chart.defaults.color = style('--faint');
  Chart.defaults.borderColor = style('--line');
  config.options = Object.assign({animation: false, maintainAspectRatio: false}, config.options);
  return new Chart(canvas, config);
}

const axis = (text, more) => Object.assign({title: {display: true, text}}, more);

/// Latency over percentiles, each nine as wide as the one before, so that tails can be seen.
function percentiles(histogram) {
  const points = [];
  let seen = 0;
  const all = histogram.buckets.reduce((sum, bucket) => sum + bucket[1], 0);
  for (const [value, count] of histogram.buckets) {
    points.push({x: all / Math.max(all - seen, 0.5), y: value / 1e6});
    seen += count;
  }
  points.push({x: all * 2, y: histogram.max / 1e6});
  const step = Math.max(1, Math.floor(points.length / 400));
  return points.filter((point, i) => i % step === 0 || i + 50 > points.length);
}

function latencies(sets) {
  const nines = {1: '0', 2: 'p50', 10: 'p90', 100: 'p99', 1000: 'p99.9', 10000: 'p99.99', 100000: 'p99.999'};
  chart('Latency by percentile', {
    type: 'line',
    data: {datasets: sets.map(([label, histogram], i) => ({label, data: percentiles(histogram), borderColor: colours[i % 6],
                                                           backgroundColor: colours[i % 6], pointRadius: 0, stepped: 'after'}))},
    options: {scales: {x: axis('percentile', {type: 'logarithmic', min: 1,
                                              afterBuildTicks: a => { a.ticks = Object.keys(nines).map(v => ({value: +v})).filter(t => t.value <= a.max); },
                                              ticks: {callback: value => nines[value] || ''}}),
                       y: axis('ms', {beginAtZero: true})}},
  });
}

function bars(title, labels, values, unit) {
  chart(title, {type: 'bar', data: {labels, datasets: [{label: unit, data: values, backgroundColor: colours[0]}]},
                options: {plugins: {legend: {display: false}}, scales: {y: axis(unit, {beginAtZero: true})}}});
}

function sentences(lines, kind) {
  for (const line of lines || []) add(main, 'p', line, kind);
}

/// The parts that every report has, around what `draw` adds.
function show(program, about, draw) {
  document.title = program;
  document.getElementById('title').textContent = program;
  document.getElementById('about').textContent = about.filter(Boolean).join(' · ');
  for (const part of ['environment', 'options']) {
    for (const [name, value] of Object.entries(data[part] || {})) {
      const row = add(document.getElementById('environment'), 'tr');
      add(row, 'td', name);
      add(row, 'td', value == null ? '-' : typeof value === 'object' ? JSON.stringify(value) : String(value), 'text');
    }
  }
  const raw = document.getElementById('raw');
  raw.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], {type: 'application/json'}));
  raw.download = program.replace(' ', '-') + '.json';
  draw();
  document.body.dataset.drawn = 'yes';
}
