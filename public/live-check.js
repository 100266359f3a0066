// @ts-check
// Looks at the live stream as this browser gets it, and says for each thing whether it works. The page says the rest.

/** @typedef {'good' | 'note' | 'bad' | 'busy'} Verdict */

const WORDS = { good: 'Works.', note: 'Works, but', bad: 'Does not work.', busy: 'Waiting' }

/** How long the stream may keep still before it counts as swallowed, in milliseconds. */
const PATIENCE = 10_000

/** @type {HTMLElement} */
const all = /** @type {any} */ (document.getElementById('check-all'))
const again = /** @type {HTMLButtonElement} */ (document.getElementById('check-again'))

/**
 * @param {string} name
 * @param {Verdict} verdict
 * @param {string} sentence
 */
function say(name, verdict, sentence) {
  const check = /** @type {HTMLElement} */ (document.querySelector(`[data-check="${name}"]`))
  const place = /** @type {HTMLElement} */ (check.querySelector('.check-verdict'))
  const word = document.createElement('strong')
  word.textContent = WORDS[verdict]
  place.replaceChildren(word, ` ${sentence}`)
  place.hidden = false
  check.dataset.verdict = verdict
  if (verdict !== 'busy') unfold(check, verdict === 'bad')
}

/**
 * Unfolds what to do where something does not work, and folds it again when it does. What a person unfolds is theirs.
 * @param {HTMLElement} check
 * @param {boolean} bad
 */
function unfold(check, bad) {
  const details = /** @type {HTMLDetailsElement} */ (check.querySelector('details'))
  if (details.hasAttribute('data-unfolded') === bad) return
  details.toggleAttribute('data-unfolded', bad)
  details.open = bad
}

/** @param {number} milliseconds */
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`

/**
 * Reads the five events; gives when each piece came, and all that is known of the answer.
 * @param {AbortSignal} signal
 */
async function read(signal) {
  const began = performance.now()
  const address = `/events/check?${Math.random()}`; // An address of its own, to be found among what was measured.
  const answer = await fetch(address, { headers: { accept: 'text/event-stream' }, signal })
  const times = []
  let text = ''
  const pieces = /** @type {ReadableStream<Uint8Array>} */ (answer.body).pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader()
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
    text += piece.value
    while (times.length < text.split('\n\n').length - 1) times.push(performance.now() - began)
  }
  const [entry] = performance.getEntriesByName(new URL(address, location.href).href)
  const protocol = /** @type {PerformanceResourceTiming | undefined} */ (entry)?.nextHopProtocol ?? ''
  return { answer, text, times, protocol }
}

async function stream() {
  for (const name of ['first', 'one-by-one', 'compression', 'names', 'tabs', 'secure']) say(name, 'busy', '…')
  let seen
  try {
    seen = await read(AbortSignal.timeout(PATIENCE))
  } catch (error) {
    const why = error instanceof DOMException ? `Nothing arrived within ${PATIENCE / 1000} s.` : 'The server could not be reached.'
    for (const name of ['first', 'one-by-one']) say(name, 'bad', why)
    for (const name of ['compression', 'names', 'tabs', 'secure']) say(name, 'bad', 'There is no answer to check.')
    return
  }
  const { answer, text, times, protocol } = seen
  const type = answer.headers.get('content-type') ?? 'nothing'
  if (!answer.headers.has('tandem')) {
    const why = times.length < 5
      ? `Something in front of Tandem answers in its place: status ${answer.status}, ${type}.`
      : 'A proxy takes the header “tandem” away, by which pages know that Tandem itself answers. It must let that pass.'
    for (const name of ['first', 'one-by-one']) say(name, 'bad', why)
  } else if (!answer.ok || !type.startsWith('text/event-stream') || times.length < 5) {
    for (const name of ['first', 'one-by-one']) {
      say(name, 'bad', `The answer is not a stream: status ${answer.status}, ${type}, ${times.length} of 5 events.`)
    }
  } else {
    const [first = 0, last = 0] = [times[0], times.at(-1)]
    const flows = last - first > 400
    if (first < 600) say('first', 'good', `It arrived after ${Math.round(first)} ms.`)
    else if (flows) say('first', 'note', `it took ${seconds(first)}. Either the server is far away, or a proxy holds back the beginning.`)
    else say('first', 'bad', `It took ${seconds(first)}. A proxy holds back the beginning.`)
    if (flows) say('one-by-one', 'good', `Five events arrived over ${seconds(last - first)}.`)
    else say('one-by-one', 'bad', 'Five events that were sent over 0.8 s arrived all at once. A proxy collects them.')
  }
  const coding = answer.headers.get('content-encoding')
  if (!coding || coding === 'identity') say('compression', 'good', 'The events arrive as they were sent.')
  else say('compression', 'bad', `The stream arrives as ${coding}. A proxy compresses it.`)
  names(text)
  tabs(protocol)
  secure(text)
}

/**
 * What the server says it saw of the request.
 * @param {string} text
 * @returns {{ session?: boolean, origin?: string, untrusted?: boolean }}
 */
function told(text) {
  try {
    return JSON.parse(/^data: ?(\{.*\})$/m.exec(text)?.[1] ?? '{}')
  } catch {
    return {}
  }
}

/** @param {string} text */
function names(text) {
  const { origin, untrusted } = told(text)
  const trust = 'The server does not trust the proxy in front of it: start Tandem with --trusted-proxy and the proxy’s address, which is in the server’s log.'
  if (origin !== location.origin) {
    const differ = `Your browser has this page from ${location.origin}, but the server believes that it is at ${origin ?? 'no address'}.`
    say('names', 'bad', untrusted ? `${differ} ${trust}` : `${differ} Start Tandem with --origin ${location.origin}, or let the proxy pass on both lines.`)
  } else if (untrusted) {
    say('names', 'bad', `The server sees the same address as your browser, ${origin}, but not who asks. ${trust}`)
  } else {
    say('names', 'good', `The server sees the same address as your browser: ${origin}.`)
  }
}

/** @param {string} protocol */
function tabs(protocol) {
  const share = 'SharedWorker' in window
  const version = { h2: 'HTTP/2', h3: 'HTTP/3' }[protocol]
  if (version) say('tabs', 'good', `This is ${version}: as many tabs as you like.`)
  else if (share) say('tabs', 'good', 'This is HTTP/1.1, and your browser’s tabs can share one stream.')
  else say('tabs', 'note', 'this is HTTP/1.1, and this browser has no shared workers: keep it to five tabs, or use HTTP/2.')
}

/** @param {string} text */
function secure(text) {
  if (!told(text).session) {
    say('secure', 'bad', navigator.cookieEnabled ? 'The cookie did not reach the server.' : 'This browser does not keep cookies.')
  } else if (!isSecureContext) {
    say('secure', 'note', 'over plain HTTP the page does not open without a network and cannot send notifications. HTTPS allows both.')
  } else {
    say('secure', 'good', 'The cookie is kept, and the browser treats the connection as secure.')
  }
}

/** Waits on the real stream for two heartbeats with nothing between them. */
async function idle() {
  say('idle', 'busy', '…')
  const source = new EventSource('/events?events=presence'); // Whatever others do now does not count.
  const began = performance.now()
  let every = 20
  /** @type {number[]} */
  const beats = []
  try {
    await new Promise((done, failed) => {
      let late = setTimeout(() => failed('Nothing arrived within 10 s.'), PATIENCE)
      source.addEventListener('hello', (event) => {
        every = JSON.parse(event.data).heartbeat
        say('idle', 'busy', `for a heartbeat: this takes up to ${2 * every} s.`)
        clearTimeout(late)
        late = setTimeout(() => failed(`No heartbeat arrived for ${Math.ceil(2.5 * every)} s.`), 2500 * every)
      })
      source.addEventListener('heartbeat', () => {
        beats.push(performance.now())
        clearTimeout(late)
        late = setTimeout(() => failed(`No heartbeat arrived for ${Math.ceil(2.5 * every)} s.`), 2500 * every)
        // The first one says that all is told; the next may follow at any time.
        if (beats.length === 3) done(undefined)
      })
      source.addEventListener('error', () => failed(`The connection was cut after ${seconds(performance.now() - began)}.`))
    })
    const [, second = 0, third = 0] = beats
    say('idle', 'good', `It was silent for ${seconds(third - second)} and stayed open.`)
  } catch (why) {
    say('idle', 'bad', String(why))
  }
  source.close()
}

async function check() {
  // Not `disabled`, which would take the focus from whoever has just pressed it.
  if (again.ariaDisabled) return
  again.ariaDisabled = 'true'
  all.textContent = 'Checking …'
  delete all.dataset.verdict
  await Promise.all([stream(), idle()])
  const bad = document.querySelectorAll('[data-verdict="bad"]').length
  const notes = document.querySelectorAll('[data-verdict="note"]').length
  const rest = notes ? ` ${notes === 1 ? 'One thing' : `${notes} things`} could be better.` : ''
  if (bad) all.textContent = bad === 1 ? 'One thing does not work. Its line says what to add.' : `${bad} things do not work. Their lines say what to add.`
  else all.textContent = `Everything works.${rest}`
  all.dataset.verdict = bad ? 'bad' : 'good'
  again.ariaDisabled = null
}

again.addEventListener('click', check)
check()
