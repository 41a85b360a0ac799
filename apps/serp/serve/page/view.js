// What the page shows. Data become text nodes only, never markup.
export const at = (id) => document.getElementById(id);

export function say(id, text, kind = '') {
  const where = at(id);
  if (where.textContent !== text) where.textContent = text;
  where.className = kind;
}

// A cell is a text, or { text, kind } with a class, or a node.
export function row(cells) {
  const out = document.createElement('tr');
  cells.forEach((cell, i) => {
    const td = document.createElement(i === 0 ? 'th' : 'td');
    if (i === 0) td.scope = 'row';
    if (cell instanceof Node) {
      td.append(cell);
    } else if (typeof cell === 'object') {
      td.className = cell.kind;
      td.textContent = cell.text;
      if (cell.kind === 'text') td.title = cell.text;
    } else {
      td.textContent = cell;
    }
    out.append(td);
  });
  return out;
}

export const number = (value) => ({ text: value.toLocaleString('en'), kind: 'number' });

export function time_text(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds >= 1) return seconds.toFixed(2) + ' s';
  return seconds >= 1e-3 ? (seconds * 1e3).toFixed(1) + ' ms' : (seconds * 1e6).toFixed(0) + ' µs';
}

export function figures(now) {
  for (const cell of document.querySelectorAll('[data-figure]')) {
    cell.textContent = now[cell.dataset.figure].toLocaleString('en');
  }
}

// Mean times over all, and over what ended since an earlier moment.
export function stages(now, before) {
  const mean = (a, b) => (a.seconds - b.seconds) / (a.done - b.done);
  const none = { seconds: 0, done: 0 };
  at('stages').replaceChildren(...Object.entries(now.stages).map(([name, one]) => row([
    name, number(one.done), number(one.failed), { text: time_text(mean(one, none)), kind: 'number' },
    { text: time_text(mean(one, before ? before.stages[name] : none)), kind: 'number' }])));
}

export function rates(values, most) {
  const top = Math.max(1, ...values);
  const points = values.map((value, i) => `${120 * (i + most - values.length) / (most - 1)},${29 - 28 * value / top}`);
  at('rates').firstElementChild.setAttribute('points', points.join(' '));
}

export function engines(list) {
  const health = (one) => one.suspended_for > 0
    ? { text: `suspended for ${Math.ceil(one.suspended_for)} s: ${one.reason}`, kind: 'bad' } : { text: 'ok', kind: 'good' };
  at('engines').replaceChildren(...list.map((one) => row([
    one.name, health(one), number(one.under_way), number(one.suspensions)])));
}

export function proxies(list) {
  at('no-proxies').hidden = list.length > 0;
  at('with-proxies').hidden = list.length === 0;
  at('proxies').replaceChildren(...list.map((one) => row([
    one.tag ? `${one.name} (${one.tag})` : one.name,
    one.usable ? { text: 'ok', kind: 'good' } : { text: 'ejected', kind: 'bad' },
    number(one.requests), number(one.answered), number(one.failed), number(one.bans)])));
}

export function engine_choices(names) {
  const choice = at('try-engine');
  if (choice.options.length > 0) return;
  choice.replaceChildren(...names.map((name) => new Option(name, name)));
}

export function tasks(list, on_open) {
  const focused = document.activeElement?.dataset.task;
  at('tasks').replaceChildren(...list.map((one) => {
    const open = document.createElement('button');
    open.type = 'button';
    open.textContent = one.id.slice(0, 8);
    open.dataset.task = one.id;
    open.setAttribute('aria-label', `Show the record of ${one.id.slice(0, 8)}`);
    open.addEventListener('click', () => on_open(one.id));
    const kind = one.status === 'done' ? 'good' : one.status === 'failed' ? 'bad' : '';
    return row([open, { text: one.status, kind }, one.parameters.engine, { text: one.parameters.q, kind: 'text' },
      one.created_at.replace('T', ' ').replace(/\.\d+Z$/, ''), one.error ?? '']);
  }));
  if (focused) at('tasks').querySelector(`[data-task="${CSS.escape(focused)}"]`)?.focus();
}

// A record of any size would make the page slow: the rest is at the API.
export function record(text, note) {
  const most = 200000;
  const cut = text.length > most;
  at('answer').textContent = cut ? text.slice(0, most) : text;
  at('answer').hidden = text === '';
  say('answer-says', cut ? `${note}; the first ${most.toLocaleString('en')} characters` : note);
}
