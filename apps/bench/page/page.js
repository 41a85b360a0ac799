'use strict';
// Draws the JSON that braid-bench wrote. Every figure of the page is one of its fields.
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

const draw = {
  load() {
    add(main, 'p', data.supported ? 'Supported by what was measured.' : 'NOT SUPPORTED: see the checks that fail.', data.supported ? 'good' : 'bad').id = 'verdict';
    const l = data.latency;
    table(['', ''], [['requests/s', bounded(data.throughput)], ['latency p50', time(l.p50_s)], ['latency p90', time(l.p90_s)],
                     ['latency p99', time(l.p99_s)], ['latency p99.9', time(l.p999_s)], ['latency max', time(l.max_s)],
                     ['CPU a request', time(data.client_cpu_per_request_s.mean)], ['requests', figure(data.requests)],
                     ['succeeded', figure(data.succeeded)]], 'figures');
    add(main, 'h2', 'Checks');
    table(['check', '', ''], data.checks.map(c => [c.name, {text: c.holds ? 'ok' : c.serious ? 'FAILS' : 'note', kind: c.holds ? 'good' : 'bad'},
                                                   {text: c.sentence, kind: 'text'}]));
    latencies(data.runs.map((run, i) => ['repetition ' + (i + 1), run.latency_histogram]));
    bars('Throughput of each repetition', data.runs.map((_, i) => i + 1), data.runs.map(r => r.throughput), 'requests/s');
  },

  modes() {
    sentences(data.reading);
    table(['mode', 'requests/s', 'ratio', 'p50', 'p99', 'CPU a request', 'in flight'],
          data.modes.map(m => [m.mode, bounded(m.throughput), figure(m.ratio_to_sequential), time(m.latency.p50_s), time(m.latency.p99_s),
                               time(m.client_cpu_per_request_s), figure(m.max_in_flight)]), 'figures');
    bars('Throughput', data.modes.map(m => m.mode), data.modes.map(m => m.throughput.mean), 'requests/s');
    latencies(data.modes.map(m => [m.mode, m.latency_histogram]));
    timelines(data.modes.map(m => [m.mode, m.timeline]));
  },

  sweep() {
    sentences(data.reading);
    sentences(data.objections, 'bad');
    const contexts = [...new Set(data.cells.map(c => c.contexts))];
    const concurrency = [...new Set(data.cells.map(c => c.concurrency))];
    const find = (c, k) => data.cells.find(cell => cell.contexts === c && cell.concurrency === k);
    const most = Math.max(...data.cells.map(c => c.throughput.mean));
    add(main, 'h2', 'Throughput (requests/s)');
    const heat = table(['tasks', ...contexts.map(c => c + (c === 1 ? ' context' : ' contexts'))],
                       concurrency.map(k => [k, ...contexts.map(c => find(c, k) ? bounded(find(c, k).throughput) : '-')]), 'figures');
    concurrency.forEach((k, row) => contexts.forEach((c, column) => {
      const cell = find(c, k);
      if (cell) heat.rows[row + 1].cells[column + 1].style.background = `rgba(59, 125, 221, ${(0.6 * cell.throughput.mean / most).toFixed(2)})`;
    }));
    const model = (law, n) => law.lambda.value * n / (1 + law.sigma.value * (n - 1) + law.kappa.value * n * (n - 1));
    const curve = law => Array.from({length: 60}, (_, i) => 1 + (2 * concurrency[concurrency.length - 1] - 1) * i / 59)
      .map(n => ({x: n, y: model(law, n)}));
    const datasets = [];
    contexts.forEach((c, i) => {
      datasets.push({label: c + ' contexts, measured', showLine: false, borderColor: colours[i % 6], backgroundColor: colours[i % 6], pointRadius: 4,
                     data: concurrency.filter(k => find(c, k)).map(k => ({x: k, y: find(c, k).throughput.mean}))});
      const law = data.over_concurrency.find(l => l.contexts === c).law;
      if (law) datasets.push({label: c + ' contexts, law', borderColor: colours[i % 6], backgroundColor: colours[i % 6], pointRadius: 0, data: curve(law)});
    });
    chart('Scalability law over concurrency (right of the points: prediction)', {
      type: 'line', data: {datasets}, options: {scales: {x: axis('tasks', {type: 'linear', min: 0}), y: axis('requests/s', {beginAtZero: true})}}});
  },

  claims() {
    // Good news is a claim for that holds and one against that does not.
    const kind = c => ['holds', 'does not hold'].includes(c.verdict) ? ((c.verdict === 'holds') !== c.against ? 'good' : 'bad') : 'faint';
    const list = add(main, 'dl');
    list.id = 'figures';
    let heading = '';
    for (const c of data.claims) {
      const about = c.about === 'relation' ? 'relations' : c.about + (c.against ? ', against' : ', for');
      if (about !== heading) add(list, 'h2', heading = about);
      add(list, 'dt', c.says + ': ' + c.verdict, kind(c));
      add(list, 'dd', c.figure);
    }
  },
};

document.getElementById('title').textContent = 'braid-bench ' + data.command;
document.getElementById('about').textContent = [data.started_at, data.options.url || (data.origin && data.origin.description) || '',
                                                'braid ' + data.version].filter(Boolean).join(' · ');
for (const part of ['environment', 'options']) {
  for (const [name, value] of Object.entries(data[part])) {
    const row = add(document.getElementById('environment'), 'tr');
    add(row, 'td', name);
    add(row, 'td', value == null ? '-' : typeof value === 'object' ? JSON.stringify(value) : String(value), 'text');
  }
}
document.getElementById('raw').href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], {type: 'application/json'}));
draw[data.command]();
document.body.dataset.drawn = 'yes';
