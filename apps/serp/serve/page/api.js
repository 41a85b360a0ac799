// Requests to the server this page came from, with the token of this tab where one is needed.
const place = 'braid-serp-token';

export class fault extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function keep_token(token) {
  sessionStorage.setItem(place, token);
}

export async function call(path, options = {}) {
  const headers = { ...options.headers };
  const token = sessionStorage.getItem(place);
  if (token) headers.Authorization = 'Bearer ' + token;
  const answer = await fetch(path, { ...options, headers, cache: 'no-store', redirect: 'error' });
  if (answer.ok) return answer;
  let message = `the server answered ${answer.status}`;
  try {
    message = (await answer.json()).error.message;
  } catch {
    // It was no answer of the API's own.
  }
  throw new fault(answer.status, message);
}

export const get_json = async (path) => (await call(path)).json();

// Calls on_event(name, data) for what an event stream brings, until it ends. EventSource could not send the token.
export async function listen(path, on_event) {
  const reader = (await call(path)).body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const text of events) {
      const parts = /^event: (.*)\ndata: (.*)$/.exec(text);
      if (parts) on_event(parts[1], JSON.parse(parts[2]));
    }
  }
}
