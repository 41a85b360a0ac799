// Keeps the page and the server in step: figures by events, health by asking now and then, a page of tasks.
import { call, fault, get_json, keep_token, listen } from './api.js';
import * as view from './view.js';

const shown_rates = 120;
const state_interval = 2000, list_interval = 1000, longest_pause = 15000;
const history = [];  // figures of the last two minutes, with their time
let cursor = '', next_cursor = '', list_due = false, list_timer = 0;

function on_figures(now) {
  const time = performance.now() / 1000;
  history.push({ time, ...now });
  while (history.length > shown_rates + 1) history.shift();
  view.figures(now);
  const rate = (a, b) => Math.max(0, (b.saved - a.saved) / Math.max(b.time - a.time, 0.2));
  const recent = history.find((one) => time - one.time <= 10);
  view.stages(now, recent === history.at(-1) ? null : recent);
  view.at('rate').textContent = history.length > 1 ? rate(recent, history.at(-1)).toFixed(1) : '–';
  view.rates(history.slice(1).map((one, i) => rate(history[i], one)), shown_rates);
}

function on_event(name, data) {
  view.say('link', 'live', 'live');
  if (name === 'stats') on_figures(data);
  else list_soon();
}

// Older pages stand still while one reads them.
function list_soon() {
  if (cursor !== '') return;
  list_due = true;
  if (list_timer === 0) list_timer = setTimeout(list_now, list_interval);
}

async function list_now() {
  list_timer = 0;
  if (!list_due) return;
  list_due = false;
  try {
    await show_tasks();
  } catch (error) {
    view.say('page-says', error.message, 'fault');
  }
}

async function show_tasks() {
  const query = new URLSearchParams({ limit: '25' });
  if (view.at('status').value) query.set('status', view.at('status').value);
  if (cursor) query.set('cursor', cursor);
  const wanted = query.toString();
  const page = await get_json('/v1/tasks?' + wanted);
  next_cursor = page.next_cursor ?? '';
  view.tasks(page.tasks, show_record);
  view.at('older').disabled = next_cursor === '';
  view.say('page-says', page.tasks.length === 0 ? 'none' : cursor === '' ? 'the newest, live' : 'older ones');
}

function turn_to(where) {
  cursor = where;
  list_due = true;
  list_now();
}

async function show_record(id) {
  try {
    const answer = await call(`/v1/task/${id}/results?output=json`);
    if (answer.status === 204) return view.record('', `task ${id} is not over yet`);
    view.record(JSON.stringify(await answer.json(), null, 2), `task ${id}: ${answer.headers.get('Braid-Status')}`);
  } catch (error) {
    view.record('', error.message);
  }
  view.at('answer').focus();
}

async function try_search(event) {
  event.preventDefault();
  const parameters = Object.fromEntries([...new FormData(view.at('try'))].filter(([, value]) => value !== ''));
  view.at('try-send').disabled = true;
  view.record('', 'searching');
  try {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await call('/v1/scrape', { method: 'POST', headers, body: JSON.stringify(parameters) });
    const note = answer.status === 202 ? 'it takes longer: see the tasks below' : `status: ${answer.headers.get('Braid-Status')}`;
    view.record(JSON.stringify(await answer.json(), null, 2), note);
  } catch (error) {
    view.record('', error.message);
  }
  view.at('try-send').disabled = false;
}

async function watch_state() {
  if (!document.hidden) {
    const state = await get_json('/v1/state');
    view.engines(state.engines);
    view.proxies(state.proxies);
    view.engine_choices(state.engines.map((one) => one.name));
  }
}

function ask_for_token(error) {
  const form = view.at('sign-in');
  const asked = !form.hidden;
  form.hidden = false;
  view.say('link', 'a token is needed', 'lost');
  if (asked) view.say('sign-in-fault', error.message, 'fault');
  else view.at('token').focus();
}

async function run() {
  for (let pause = 500;;) {
    try {
      await watch_state();
      view.at('sign-in').hidden = true;
      const timer = setInterval(() => watch_state().catch(() => {}), state_interval);
      turn_to(cursor);
      try {
        await listen('/v1/events', (name, data) => { pause = 500; on_event(name, data); });
      } finally {
        clearInterval(timer);
      }
      view.say('link', 'the server has gone', 'lost');
    } catch (error) {
      if (error instanceof fault && error.status === 401) return ask_for_token(error);
      view.say('link', `no connection: ${error.message}`, 'lost');
    }
    await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random() / 2)));
    pause = Math.min(pause * 2, longest_pause);
  }
}

view.at('try').addEventListener('submit', try_search);
view.at('status').addEventListener('change', () => turn_to(''));
view.at('tasks-of').addEventListener('submit', (event) => event.preventDefault());
view.at('newest').addEventListener('click', () => turn_to(''));
view.at('older').addEventListener('click', () => turn_to(next_cursor));
view.at('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  keep_token(view.at('token').value.trim());
  view.at('token').value = '';
  run();
});
run();
