// Draws what braid-serp fetch --report wrote.
const why = {
  start: 'where it began',
  room: 'requests took no longer than one alone: more of them',
  queue: 'requests took longer than one alone: fewer, by the share that only waited',
  overload: 'too many time-outs, resets, 429 or 503: fewer',
  probe: 'halved for a round, to know what one takes alone',
  probe_kept: 'half as many brought as much done: it stays there',
  probe_over: 'half as many brought less done: back to where it was',
};
const percent = (part, all) => all > 0 ? figure(100 * part / all) + ' %' : '-';
const over_time = (title, unit, sets, more) => chart(title, {
  type: 'line',
  data: {datasets: sets.map(([label, points], i) => Object.assign({label, data: points, borderColor: colours[i % 6],
                                                                   backgroundColor: colours[i % 6], pointRadius: 0, borderWidth: 2}, more))},
  options: {interaction: {mode: 'nearest', axis: 'x', intersect: false},
            scales: {x: axis('s', {type: 'linear', min: 0}), y: axis(unit, {beginAtZero: true})}},
});

/// What was added between two samples, a second.
function rates(name) {
  const out = [];
  let before = {at_s: 0, [name]: 0};
  for (const one of data.samples) {
    if (one.at_s > before.at_s) out.push({x: one.at_s, y: (one[name] - before[name]) / (one.at_s - before.at_s)});
    before = one;
  }
  return out;
}
const values = (name, factor = 1) => data.samples.map(one => ({x: one.at_s, y: one[name] * factor}));

function totals() {
  const all = data.totals, saved = all.done + all.blocked + all.failed;
  table(['', ''], [['requests', figure(all.requests)], ['done', figure(all.done)], ['blocked', figure(all.blocked)],
                   ['failed', figure(all.failed)], ['left undone', figure(all.undone)], ['time', time(all.seconds)],
                   ['records/s', figure(all.seconds > 0 ? saved / all.seconds : null)]], 'figures');
  const errors = Object.entries(data.errors);
  if (errors.length > 0) {
    add(main, 'h2', 'Errors');
    table(['code', 'records'], errors.sort((a, b) => b[1] - a[1]).map(([code, count]) => [code, figure(count)]), 'errors');
  }
  sentences(data.fallen.map(line => 'Under its baseline: ' + line), 'bad');
}

function engines() {
  add(main, 'h2', 'Engines');
  table(['engine', 'attempts', 'done', 'blocked', 'block rate', 'failed', 'p50', 'p99', 'suspended'],
        data.engines.map(e => [e.name, figure(e.attempts), figure(e.done), figure(e.blocked), percent(e.blocked, e.done + e.blocked + e.failed),
                               figure(e.failed), time(e.p50_s), time(e.p99_s), figure(e.suspensions)]), 'engines');
}

function limits() {
  const adaptive = data.engines.filter(e => e.limits.length > 0);
  if (adaptive.length === 0) return;
  over_time('Requests at once that each engine was allowed', 'requests',
            adaptive.map(e => [e.name, e.limits.map(c => ({x: c.at_s, y: c.limit, reason: c.reason}))]), {stepped: 'after', pointRadius: 2})
    .options.plugins.tooltip = {callbacks: {label: item => `${item.dataset.label}: ${item.raw.y}, ${why[item.raw.reason]}`}};
  const counts = {};
  for (const e of adaptive) for (const c of e.limits) counts[c.reason] = (counts[c.reason] || 0) + 1;
  table(['why it changed', 'times', ''], Object.keys(why).filter(r => counts[r]).map(r => [r, figure(counts[r]), {text: why[r], kind: 'text'}]), 'reasons');
}

function proxies() {
  if (data.proxies.length === 0) return;
  const rate = p => p.done + p.blocked + p.failed > 0 ? 100 * p.blocked / (p.done + p.blocked + p.failed) : 0;
  bars('Block rate of each proxy', data.proxies.map(p => p.name), data.proxies.map(rate), '% of its records');
  table(['proxy', 'tag', 'attempts', 'answered', 'blocked', 'block rate', 'bans', 'ejected', ''],
        data.proxies.map(p => [p.name, p.tag || '-', figure(p.attempts), figure(p.answered), figure(p.blocked),
                               percent(p.blocked, p.done + p.blocked + p.failed), figure(p.bans), figure(p.ejections),
                               p.usable ? {text: 'usable', kind: 'good'} : {text: 'not usable in the end', kind: 'bad'}]), 'proxies');
}

function stages() {
  add(main, 'h2', 'Stages');
  table(['stage', 'items', 'failed', 'p50', 'p99', 'wait p50', 'wait p99'],
        data.stages.map(s => [s.name, figure(s.done), figure(s.failed), time(s.p50_s), time(s.p99_s), time(s.wait_p50_s), time(s.wait_p99_s)]), 'stages');
  const shown = [['p50', 'p50_s'], ['p99', 'p99_s'], ['wait p99', 'wait_p99_s']];
  chart('Time in each stage', {
    type: 'bar',
    data: {labels: data.stages.map(s => s.name),
           datasets: shown.map(([label, name], i) => ({label, data: data.stages.map(s => s[name] == null ? null : s[name] * 1e3), backgroundColor: colours[i]}))},
    options: {scales: {y: axis('ms', {type: 'logarithmic'})}},
  });
}

function fields() {
  if (data.fields.length === 0) return;
  add(main, 'h2', 'How often each field was filled');
  table(['engine', 'field', 'rows', 'filled', 'expected'], data.fields.map(f => {
    const low = f.expected != null && f.rows >= 50 && f.filled / f.rows < f.expected - 0.15;
    return [f.engine, {text: f.name, kind: 'text'}, figure(f.rows), {text: percent(f.filled, f.rows), kind: low ? 'bad' : ''},
            f.expected == null ? '-' : figure(100 * f.expected) + ' %'];
  }), 'fields');
}

show('braid-serp fetch', [data.started_at, data.options.engines.join(', '), data.totals.interrupted ? 'interrupted' : ''], () => {
  totals();
  if (data.samples.length > 1) {
    over_time('Rate', 'records/s', [['done', rates('done')], ['blocked', rates('blocked')], ['failed', rates('failed')]]);
    over_time('Latency of requests', 'ms', [['p50', values('p50_s', 1e3)], ['p99', values('p99_s', 1e3)]]);
    over_time('Where they were', 'requests', [['in flight', values('in_flight')], ['waiting for the parser', values('waiting_for_parse')],
                                              ['waiting to be saved', values('waiting_for_save')]]);
  }
  engines();
  limits();
  proxies();
  stages();
  fields();
});
