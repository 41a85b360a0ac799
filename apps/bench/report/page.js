// Draws the JSON that braid-bench wrote.
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

show('braid-bench ' + data.command,
     [data.started_at, (data.options || {}).url || (data.origin && data.origin.description) || '', 'braid ' + data.version],
     draw[data.command]);
