// @ts-check
// Keeps the operator's page up to date over the stream. What it draws, the server drew first: app/src/pages/admin/metrics.rs.
'use strict';

/** @typedef {{p50: number, p99: number, p999: number}} Delay */
/** @typedef {{n: number, at: number, level: string, target: string, message: string}} Line */
/** @typedef {Record<string, number> & {delay: Delay | null, memory: number | null}} Metrics */

/** What the page has for certain.
 * @template {Element} T
 * @param {string} id @param {new () => T} kind @returns {T} */
const part = (id, kind) => {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`There is no ${id} on this page.`);
};

const SECONDS = 120;
const MOST_LINES = 500;
const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];
const state = part('state', HTMLElement);
const log = part('log', HTMLElement);
const region = part('log-lines', HTMLElement);
const empty = part('log-empty', HTMLElement);
const level = part('level', HTMLSelectElement);
const text = part('text', HTMLInputElement);
const hold = part('hold', HTMLButtonElement);

document.documentElement.dataset.script = '';

// ---- how things are said

/** @param {number} count */
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** @param {number} micros */
const millis = (micros) => {
  if (micros < 1_000) return `0.${String(Math.floor(micros / 10)).padStart(2, '0')} ms`;
  if (micros < 10_000) return `${Math.floor(micros / 1_000)}.${Math.floor(micros / 100) % 10} ms`;
  return `${grouped(Math.floor(micros / 1_000))} ms`;
};

/** @param {number} seconds */
const span = (seconds) => {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor(seconds / 60) % 60} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds / 3_600) % 24} h`;
};

// ---- metrics

const past = (part('history', HTMLTemplateElement).content.textContent ?? '').split(' ').filter(Boolean).map(Number);

/** @param {Metrics} metrics */
const show = (metrics) => {
  const { delay, memory } = metrics;
  for (const place of document.querySelectorAll('[data-metric]')) {
    const name = /** @type {HTMLElement} */ (place).dataset.metric ?? '';
    let said = grouped(metrics[name] ?? 0);
    if (name === 'p50' || name === 'p99' || name === 'p999') said = delay ? millis(delay[name]) : '–';
    if (name === 'memory') said = memory === null ? '–' : `${grouped(Math.floor(memory / 1_048_576))} MiB`;
    if (name === 'uptime') said = span(metrics.uptime ?? 0);
    if (place.textContent !== said) place.textContent = said;
  }
  past.push(metrics.events_per_second ?? 0);
  past.splice(0, past.length - SECONDS);
  const most = Math.max(...past);
  const points = past.map((count, index) => {
    const height = 4_000 - Math.floor((count * 3_800) / Math.max(most, 10));
    return `${SECONDS - past.length + index + 1} ${(height / 100).toFixed(2)}`;
  });
  const line = `M${points.join('L')}`;
  part('chart-line', SVGPathElement).setAttribute('d', line);
  part('chart-area', SVGPathElement).setAttribute('d', `${line}L${SECONDS} 40L${SECONDS - past.length + 1} 40Z`);
  part('chart-says', HTMLElement).textContent = `${grouped(metrics.events_per_second ?? 0)} now, at most ${grouped(most)} within two minutes`;
};

// ---- log

/** Lines that came while the person holds the log still. @type {Line[]} */
let held = [];
/** The number of the last line that is drawn. */
let last = 0;
/** Whether the next line is the first of its stream: each begins with all lines that the server still has. */
let first = true;
/** Whether the lines that are drawn make room for those of a new stream. */
let anew = false;

/** @param {HTMLElement} row */
const fits = (row) =>
  LEVELS.indexOf(row.dataset.level ?? '') <= LEVELS.indexOf(level.value) &&
  (row.textContent ?? '').toLowerCase().includes(text.value.trim().toLowerCase());

const rows = () => /** @type {HTMLElement[]} */ ([...log.children]);
const choose = () => {
  let some = false;
  for (const row of rows()) {
    row.hidden = !fits(row);
    some ||= !row.hidden;
  }
  empty.hidden = some;
};

/** @param {string} name @param {string} says */
const element = (name, says) => {
  const made = document.createElement(name);
  made.textContent = says;
  return made;
};

/** @param {Line[]} lines */
const add = (lines) => {
  if (anew && lines.length) {
    log.replaceChildren();
    [anew, last] = [false, 0];
  }
  // Who reads the end goes on reading the end; who reads above it is not moved.
  const follows = region.scrollHeight - region.scrollTop - region.clientHeight < 24;
  for (const { n, at, level, target, message } of lines) {
    if (n <= last) continue;
    if (last && n > last + 1) {
      const row = element('li', `${grouped(n - last - 1)} lines arrived too fast to be shown`);
      row.className = 'log-gap';
      log.append(row);
    }
    last = n;
    const row = document.createElement('li');
    Object.assign(row.dataset, { n: String(n), level });
    const words = document.createElement('span');
    words.append(element('i', target), ` ${message}`);
    row.append(element('time', new Date(at).toISOString().slice(11, 19)), element('b', level), words);
    row.hidden = !fits(row);
    if (!row.hidden) empty.hidden = true;
    log.append(row);
  }
  while (log.children.length > MOST_LINES) log.firstElementChild?.remove();
  if (follows) region.scrollTop = region.scrollHeight;
};

level.addEventListener('change', choose);
text.addEventListener('input', choose);
part('log-filter', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
hold.addEventListener('click', () => {
  const holds = hold.getAttribute('aria-pressed') !== 'true';
  hold.setAttribute('aria-pressed', String(holds));
  if (!holds) add(held.splice(0));
});

// ---- the stream

/** @param {'live' | 'still'} kind @param {string} says */
const become = (kind, says) => {
  state.dataset.state = kind;
  if (state.textContent !== says) state.textContent = says;
};

/** Whether something in front of the server answers in its place, so that waiting brings no stream. */
const isBarred = async () => {
  const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store', redirect: 'manual' }).catch(() => null);
  return !!answer && answer.status < 500 && !answer.headers.has('tandem');
};

const listen = () => {
  const stream = new EventSource('/events?events=metrics,log');
  // The first figures come at once; to those who are no operator any more none do.
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;
  stream.addEventListener('open', () => {
    first = true;
    clearTimeout(silence);
    silence = setTimeout(() => become('still', 'No figures come. Load the page again.'), 5_000);
  });
  stream.addEventListener('metrics', ({ data }) => {
    clearTimeout(silence);
    become('live', 'Live');
    show(JSON.parse(data));
  });
  stream.addEventListener('log', ({ data }) => {
    const line = /** @type {Line} */ (JSON.parse(data));
    if (first) [first, anew, held] = [false, true, []];
    if (hold.getAttribute('aria-pressed') === 'true') held = [...held, line].slice(-MOST_LINES);
    else add([line]);
  });
  stream.addEventListener('error', async () => {
    clearTimeout(silence);
    become('still', 'Connecting');
    // What answered anything but a stream is not asked again by the browser itself.
    if (stream.readyState !== EventSource.CLOSED) return;
    if (await isBarred()) become('still', 'Something in front of Tandem answers. Load the page again.');
    setTimeout(listen, 2_000 + Math.random() * 3_000);
  });
};
choose();
region.scrollTop = region.scrollHeight;
listen();
