// @ts-check
// The live stream of a browser: one for all of its tabs, held by a shared worker, which outlives each of them. Where a
// browser has none (Chrome on Android), the page holds it, by the same code.
//
// `Hub` holds the stream: opens it, watches over it, opens it again, asks instead where something on the way swallows it,
// and tells the tabs. `Tab` is a page's end: it says where the page stands and hears everything after that, once, in order.

/** @typedef {{ name: string, data: string, id?: string, person?: string }} Said an event; with an id where it moves the cursor */
/** @typedef {'up' | 'down' | 'offline' | 'barred' | 'ended'} Link how things are; barred, where something on the way answers in Tandem's place */
/** @typedef {{ events?: Said[], link?: Link, delay?: number, beat?: number, waiting?: number, lost?: true }} ToTab */
/** @typedef {{ begin?: string, person?: string, client?: string, fresh?: boolean, paused?: number, network?: boolean, awake?: true, bye?: true }} ToHub */

const CURSOR = ['hello', 'change', 'heartbeat', 'reset']
const NAMES = [...CURSOR, 'presence', 'invited', 'notice', 'progress', 'log', 'gone', 'bye']
/** Of these the last word about each thing is said again to a tab that comes later; by what names the thing, if anything does. */
const LASTING = /** @type {Record<string, string>} */ ({ presence: 'list', invited: 'list', progress: 'job' })

// All times are in milliseconds.
/** An open stream that says nothing for so long is held back by something on the way. */
const SILENT = 5_000
/** A stream that has not opened after so long never will. Nor will any other answer come. */
const SLOW = 10_000
/** The longest `retry` of a server that stops, and something to spare. */
const RETRY = 30_000
/** How long a broken stream may stay unmentioned: most come back within it. */
const GRACE = 2_500
/** The longest wait before the next try. */
const LONGEST = 10_000
/** How long the server may take over `/changes`: it waits for something to happen. */
const ASKING = 40_000
/** How long a stream without a tab stays open, so that a page that is reloaded finds it. */
const LINGER = 5_000
/** How long a page that holds the stream itself goes on out of sight. */
const HIDDEN = 60_000
/** How soon a stream that was swallowed is tried again, at first and at the most. */
const AGAIN = 30_000
const SELDOM = 600_000
/** How much of what was said is kept for tabs that are a little behind: so many changes, so many characters. */
const KEPT = 256
const SIZE = 1 << 20

const epoch = (/** @type {string} */ cursor) => cursor.slice(0, cursor.lastIndexOf('.'))
const seq = (/** @type {string} */ cursor) => Number(cursor.slice(cursor.lastIndexOf('.') + 1))
const newer = (/** @type {string} */ a, /** @type {string} */ b) => epoch(a) === epoch(b) && seq(a) > seq(b)

/** The steady clock may stand still while the computer sleeps, and people set the other. */
const now = () => [performance.now(), Date.now()]
/** The longer time counts: so no sleep goes unnoticed, and a clock that leaps costs one new connection at the most. */
const since = (/** @type {number[]} */ then) => Math.max(...now().map((time, clock) => time - (then[clock] ?? time)))

/** Full jitter: anything up to a second, two, four …, so that a thousand browsers do not come back in one moment. */
const wait = (/** @type {number} */ failures) => Math.random() * Math.min(LONGEST, 500 * 2 ** failures)

/**
 * What an answer is worth. Only one with our mark is Tandem's: a login in front of it, a firewall or a proxy has the same
 * statuses, and says nothing of a session. Where a sign-in is wanted there, more tries change nothing; a server that is away or
 * busy comes back by itself.
 * @param {Response} answer @returns {'ours' | 'away' | 'barred'}
 */
function judge({ headers, status }) {
  if (status > 499) return 'away'
  if (headers.has('tandem')) return 'ours'
  return [408, 425, 429].includes(status) ? 'away' : 'barred'
}

/** @param {string} name @param {string} data @param {string} [id] @returns {Said} */
function event(name, data, id) {
  if (name === 'hello') return { name, data, id, person: JSON.parse(data).account.person }
  // An event without an id comes with that of the one before.
  return CURSOR.includes(name) ? { name, data, id } : { name, data }
}

/** Where a reader of the stream stands, and whose stream it is. */
class Place {
  at = ''
  person = ''

  /** @param {string} at @param {string} person */
  stands(at, person) {
    this.at = at
    this.person = person
  }

  /** Moves on by an event; false if it was heard before. @param {Said} said */
  moves({ name, id, person }) {
    if (!id) return true
    const leap = name === 'reset' || (person && (person !== this.person || epoch(id) !== epoch(this.at)))
    if (!leap && !newer(id, this.at)) return name !== 'change'
    this.at = id
    this.person = person ?? this.person
    return true
  }
}

/** A tab, as the hub sees it. */
class Reader extends Place {
  client = ''
  /** Whether it hears what is said as it is said. */
  follows = false
  /** Whether it wants to be told everything anew, as a stream that opens does. */
  fresh = false
  /** If it is paused: how many changes of others it has not heard. */
  waiting = -1
  /** What was begun for it in an earlier turn is over. */
  turn = 0
  answered = now()

  /** @param {MessagePort} line */
  constructor(line) {
    super()
    this.line = line
  }

  /** @param {Said[]} said */
  hear(said) {
    const events = said.filter((one) => this.moves(one))
    if (events.length) this.tell({ events })
  }

  /** @param {ToTab} message */
  tell(message) {
    this.line.postMessage(message)
  }
}

/** Holds the stream and tells all tabs of one browser. */
export class Hub extends Place {
  /** @type {Set<Reader>} */
  readers = new Set()
  /** The changes after the cursor `from`. @type {Said[]} */
  kept = []
  from = ''
  /** @type {Map<string, Said>} */
  lasting = new Map()
  /** @type {EventSource | null} */
  source = null
  /** How far the source is. @type {'opening' | 'open' | 'said' | 'waiting'} */
  phase = 'opening'
  /** Where it asks instead of listening. @type {AbortController | null} */
  asking = null
  /** @type {Link} */
  link = 'down'
  beat = 20_000
  /** How long the stream took from opening to its first word. */
  delay = 0
  /** With what status something else answered; 0 where it leads elsewhere. */
  status = 0
  /** Whether the tabs believe that there is a network. */
  network = true
  failures = 0
  /** How often in a row a stream was open and silent. */
  silences = 0
  again = AGAIN
  /** What was begun in an earlier turn is over. */
  turn = 0
  /** The turn in which it tries to open a stream again. */
  trying = -1
  /** @type {Set<() => void>} */
  pauses = new Set()
  /** When it was opened, until it says something. */
  opened = 0
  heard = now()
  broken = now()
  tried = now()
  pinged = now()
  alone = now()

  constructor() {
    super()
    setInterval(() => this.watch(), 1_000)
  }

  /** Takes in the tab at the other end of that line. @param {MessagePort} line */
  join(line) {
    const reader = new Reader(line)
    line.onmessage = ({ data }) => this.on(reader, data)
  }

  /** @param {Reader} reader @param {ToHub} message */
  on(reader, { begin, person = '', client = '', fresh = false, paused, network, awake, bye }) {
    reader.answered = now()
    if (network !== undefined) this.onNetwork(network)
    if (begin) {
      this.readers.add(reader)
      reader.stands(begin, person)
      Object.assign(reader, { client, fresh, waiting: -1 })
      if (!this.at) {
        this.stands(begin, person)
        this.from = begin
        this.broken = now()
      }
      if (paused === undefined) this.catchUp(reader)
      else this.pause(reader, paused)
      if (this.network && !this.source && !this.asking && this.trying !== this.turn) this.begin()
      else if (this.link === 'barred') this.hurry() // Perhaps it was loaded to sign in.
    } else if (bye) {
      this.leave(reader)
    } else if (!this.readers.has(reader)) {
      reader.tell({ lost: true }) // It slept and was given up: it must say where it stands.
    } else if (paused !== undefined) {
      this.pause(reader, paused)
    } else if (awake) {
      if (this.network && (!(this.source || this.asking) || since(this.heard) > this.beat * 1.25)) this.begin()
      this.hurry()
      this.say(reader)
    }
  }

  /** @param {Reader} reader */
  leave(reader) {
    reader.turn++
    reader.follows = false
    this.readers.delete(reader)
    this.alone = now()
  }

  /** @param {Reader} reader @param {number} waiting */
  pause(reader, waiting) {
    reader.turn++
    reader.follows = false
    reader.waiting = waiting
    this.say(reader)
  }

  /** @param {boolean} network */
  onNetwork(network) {
    const back = network && !this.network
    this.network = network
    if (!network) {
      this.stop()
      this.tell('offline')
    } else if (back) {
      this.failures = this.silences = 0 // It may be another network.
      if (this.at) this.begin()
      this.hurry()
    }
  }

  /** Opens the stream from where it stands, in place of any there is. */
  begin() {
    this.stop()
    this.breaks()
    if (this.silences < 2 && globalThis.EventSource) this.listen()
    else this.ask()
  }

  stop() {
    this.turn++
    this.hush()
    this.asking?.abort()
    this.asking = null
  }

  hush() {
    this.source?.close()
    this.source = null
  }

  listen() {
    this.phase = 'opening'
    this.heard = now()
    this.opened = performance.now()
    const source = (this.source = new EventSource(`/events?since=${encodeURIComponent(this.at)}`))
    for (const name of NAMES) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        if (this.opened) this.delay = Math.round(performance.now() - this.opened)
        this.opened = 0
        this.phase = 'said'
        this.silences = 0
        this.asking?.abort()
        this.asking = null
        this.hear([event(name, data, lastEventId)])
      })
    }
    source.onopen = () => {
      this.phase = 'open'
      this.heard = now()
    }
    source.onerror = () => {
      const unreached = this.phase === 'opening'
      this.phase = 'waiting' // The browser comes back by itself, when the server told it to …
      this.heard = now()
      this.opened = 0
      if (!this.asking) this.breaks()
      // … or has given up, on any answer but 200. Where no server ever told it when, it would take seconds: too long for a
      // network that is not quite back when the browser says so.
      if (source.readyState === 2 || unreached) this.retry()
    }
  }

  /** Tries until a stream can be opened again. The session is asked first: an EventSource does not say what is wrong. */
  async retry() {
    this.hush()
    this.tried = now()
    if (this.asking) return
    this.stop()
    this.breaks()
    const turn = (this.trying = this.turn)
    while (this.readers.size) {
      await this.rest(wait(this.failures++))
      if (turn !== this.turn) return
      const found = await this.probe()
      if (turn !== this.turn) return
      if (found === 'ended') return this.end()
      if (found === 'ours') return this.begin()
      if (found === 'barred') this.bar()
      else if (this.link === 'barred') this.tell('offline')
    }
    this.trying = -1
  }

  /** What the server says about the session, if it does. */
  async probe() {
    const signal = AbortSignal.timeout(SLOW)
    // A login elsewhere could not be read, and would look like no network.
    const answer = await fetch('/session', { cache: 'no-store', redirect: 'manual', signal }).catch(() => null)
    return answer ? this.hears(answer) : 'away'
  }

  /** @param {Response} answer */
  hears(answer) {
    const found = judge(answer)
    if (found === 'barred') this.status = answer.status
    return found === 'ours' && answer.status === 401 ? 'ended' : found
  }

  /** Something in front of the server wants to be spoken to first, by a page of its own. */
  bar() {
    if (this.link !== 'barred') this.tell('barred')
  }

  /** The session is over: nothing can be heard until a page begins another. */
  end() {
    this.stop()
    this.failures = 0
    this.tell('ended')
  }

  /** Asks for what is new, again and again: slower, but it gets through where a stream is held back. */
  async ask() {
    const asking = (this.asking = new AbortController())
    this.tried = now()
    this.again = AGAIN
    while (this.asking === asking) {
      const began = now()
      // At first it wants to know how things are, then to be told when that changes.
      const said = await this.changes(this.at, this.link === 'up' ? '' : '&wait=0', asking.signal)
      if (this.asking !== asking) return
      if (said) {
        this.hear(said)
        // A server that does not wait for news is not to be asked without a pause.
        const idle = since(began) < 1_000 && !said.some(({ name }) => name === 'change')
        if (idle) await this.rest(500 + wait(1))
      } else {
        this.breaks()
        await this.rest(wait(++this.failures))
      }
    }
  }

  /** What came after a cursor; nothing, where there is no answer. @param {string} cursor @param {string} how @param {AbortSignal} [signal] */
  async changes(cursor, how, signal) {
    const late = AbortSignal.timeout(ASKING)
    try {
      const answer = await fetch(`/changes?since=${encodeURIComponent(cursor)}${how}`, {
        cache: 'no-store',
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
      const found = this.hears(answer)
      if (found === 'ended') this.end()
      if (found === 'barred' && !this.source) this.bar()
      if (found !== 'ours' || !answer.ok) return null
      const said = /** @type {{ event: string, data: object, id?: string }[]} */ (await answer.json())
      return said.map(({ event: name, data, id }) => event(name, JSON.stringify(data), id))
    } catch {
      return null
    }
  }

  /** @param {Said[]} said */
  hear(said) {
    this.heard = now()
    this.failures = 0
    const news = []
    let over = false
    for (const one of said) {
      const { name, data } = one
      const { at, person } = this
      if (!this.moves(one)) continue
      news.push(one)
      // What is kept leads up to here, unless the stream leapt.
      if (name === 'reset' || (name === 'hello' && (at !== this.at || person !== this.person))) {
        this.kept = []
        this.from = this.at
      }
      if (name === 'change') this.keep(one)
      else if (name === 'hello') {
        this.beat = JSON.parse(data).heartbeat * 1_000 || this.beat
        this.lasting.clear()
      } else if (LASTING[name]) this.lasting.set(name + JSON.parse(data)[LASTING[name]], one)
      else if (name === 'gone') {
        const { list } = JSON.parse(data)
        this.lasting.delete('presence' + list)
        over ||= !list
      }
    }
    for (const reader of this.readers) {
      if (reader.follows) reader.hear(news)
      else if (reader.waiting >= 0) this.count(reader, news)
    }
    if (this.link !== 'up' && news.some(({ id }) => id)) this.tell('up')
    if (over) this.retry()
  }

  /** @param {Said} change */
  keep(change) {
    this.kept.push(change)
    let size = this.kept.reduce((sum, { data }) => sum + data.length, 0)
    while (this.kept.length > KEPT || size > SIZE) {
      const { id, data } = /** @type {Said} */ (this.kept.shift())
      size -= data.length
      this.from = id ?? ''
    }
  }

  /** Counts what a paused tab does not hear. Its own doings it has seen. @param {Reader} reader @param {Said[]} news */
  count(reader, news) {
    const others = news.filter(({ name, data }) => name === 'change' && JSON.parse(data).client !== reader.client)
    reader.waiting += others.length
    if (others.length) this.say(reader)
  }

  /** Whether what is kept reaches back to where that tab stands. @param {Reader} reader */
  covers({ at, person, fresh }) {
    return !fresh && person === this.person && epoch(at) === epoch(this.from) && !newer(this.from, at)
  }

  /** Leads a tab from where it stands to where the stream is. @param {Reader} reader */
  async catchUp(reader) {
    const turn = ++reader.turn
    reader.follows = false
    for (let failures = 0; !this.covers(reader); failures++) {
      if (failures) await this.rest(wait(failures))
      else this.say(reader)
      const said = turn === reader.turn && this.network && (await this.changes(reader.at, '&wait=0'))
      if (turn !== reader.turn) return
      if (!said) continue
      reader.fresh = false
      reader.hear(said)
      // That is what the server says now. If the stream speaks to somebody else, or of another lifetime of the
      // database, it is the stream that is out of date.
      const other = reader.person !== this.person || epoch(reader.at) !== epoch(this.at)
      if (other && this.phase !== 'opening') this.begin()
    }
    reader.follows = true
    reader.hear([...this.kept, ...this.lasting.values()])
    this.say(reader)
  }

  /** Once a second: is anything silent for too long, or broken for longer than is worth hiding? */
  watch() {
    if (this.source) {
      const limit = { opening: SLOW, open: SILENT, said: this.beat * 2.5, waiting: RETRY }[this.phase]
      if (since(this.heard) > limit) this.stalls()
    } else if (this.asking && this.link === 'up' && since(this.tried) > this.again && globalThis.EventSource) {
      this.listen() // Beside the asking, until it says something.
    }
    const hopeful = this.source && this.phase === 'open'
    if (this.link === 'down' && since(this.broken) > GRACE && !hopeful) this.tell('offline')
    if (since(this.pinged) > this.beat / 2) {
      this.pinged = now()
      for (const reader of this.readers) {
        // One that does not answer is frozen, or gone without a word: what it is told would pile up.
        if (since(reader.answered) > this.beat * 2.5) this.leave(reader)
        else this.say(reader)
      }
    }
    if (this.at && !this.readers.size && since(this.alone) > LINGER) {
      this.stop()
      this.stands('', '')
      this.kept = []
      this.lasting.clear()
      this.link = 'down'
    }
  }

  /** The source was silent for too long. */
  async stalls() {
    const swallowed = this.phase === 'open' || this.phase === 'opening'
    this.hush()
    if (this.asking) {
      this.tried = now()
      this.again = Math.min(this.again * 2, SELDOM)
      return
    }
    this.breaks()
    if (!swallowed) return this.begin() // The connection died without a word.
    const turn = (this.trying = this.turn)
    const found = await this.probe()
    if (turn !== this.turn) return
    if (found !== 'ours') return this.retry() // It is not the stream alone.
    this.silences++
    this.begin()
  }

  breaks() {
    if (this.link === 'up') this.tell('down')
  }

  /** @param {Link} link */
  tell(link) {
    this.link = link
    this.broken = now()
    for (const reader of this.readers) this.say(reader)
  }

  /** Says how things are; also a sign of life, which the tab answers. @param {Reader} reader */
  say(reader) {
    const { follows, waiting } = reader
    const link = this.link === 'up' && !follows && waiting < 0 ? 'down' : this.link
    reader.tell({ link, delay: link === 'barred' ? this.status : this.delay, beat: this.beat, waiting })
  }

  /** Waits, unless somebody is in a hurry. @param {number} milliseconds */
  rest(milliseconds) {
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, milliseconds)
      this.pauses.add(end)
    })
  }

  hurry() {
    for (const end of this.pauses) end()
  }
}

/** A page's end of the stream. */
export class Tab extends Place {
  /** @type {MessagePort | null} */
  line = null
  /** Its own, where the browser has no shared worker. @type {Hub | null} */
  hub = null
  beat = 20_000
  /** How often a shared worker did not answer at all; less than none once it has. */
  unanswered = 0
  /** How many changes wait while it is paused. @type {number | undefined} */
  paused
  heard = now()
  /** When it asked for a sign of life at once. @type {number[] | null} */
  asked = null
  last = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  leaving

  /** @param {string} at @param {string} person @param {string} client @param {(name: string, data: string) => void} hear */
  constructor(at, person, client, hear) {
    super()
    this.stands(at, person)
    this.client = client
    this.hear = hear
    this.connect()
    setInterval(() => this.watch(), 1_000)
    addEventListener('online', () => this.post({ network: true }))
    addEventListener('offline', () => this.post({ network: false }))
    // Asleep, it would hear nothing and let everything pile up: it leaves, and comes back to where it stood.
    addEventListener('pagehide', () => this.leave())
    addEventListener('pageshow', () => this.line || this.connect())
    document.addEventListener('freeze', () => this.leave())
    document.addEventListener('resume', () => this.connect())
    document.addEventListener('visibilitychange', () => this.onSight())
  }

  /** Begins at where it stands, on a new line. */
  connect() {
    this.leave()
    this.heard = now()
    this.asked = null
    const line = this.shared() ?? this.own()
    this.line = line
    line.onmessage = ({ data }) => {
      if (this.line === line) this.on(data)
    }
    this.begin()
  }

  /** A line to the worker that all tabs share. */
  shared() {
    if (!globalThis.SharedWorker || this.unanswered > 1) return
    try {
      const worker = new SharedWorker(import.meta.url, { type: 'module', name: 'stream' })
      worker.onerror = () => {
        this.unanswered = 2
        this.connect()
      }
      return worker.port
    } catch {
      return // Some browsers know shared workers, but not as modules.
    }
  }

  own() {
    const { port1, port2 } = new MessageChannel()
    this.hub ??= new Hub()
    this.hub.join(port2)
    return port1
  }

  leave() {
    if (!this.line) return
    this.post({ bye: true })
    this.line.close()
    this.line = null
    this.says('down', 0, this.paused)
  }

  /** @param {boolean} [fresh] */
  begin(fresh) {
    const { at, person, client, paused } = this
    this.post({ begin: at, person, client, fresh, paused, network: navigator.onLine })
  }

  /** @param {ToHub} message */
  post(message) {
    this.line?.postMessage(message)
  }

  /** What the page wants: `again` from the beginning, `pause`, `resume`. @param {string} wish */
  wants(wish) {
    this.paused = wish === 'pause' ? 0 : undefined
    if (wish === 'pause') this.post({ paused: 0 })
    else this.begin(wish === 'again')
  }

  /** @param {ToTab} message */
  on({ events = [], link, delay, beat = this.beat, waiting = 0, lost }) {
    this.heard = now()
    this.asked = null
    this.unanswered = -1
    for (const said of events) if (this.moves(said)) this.hear(said.name, said.data)
    if (lost) this.begin()
    if (!link) return
    this.post({})
    this.beat = beat
    if (this.paused !== undefined && waiting >= 0) this.paused = waiting
    this.says(link, delay, this.paused)
  }

  /** Tells the page how things are, when that is news. @param {Link} link @param {number} [delay] @param {number} [waiting] */
  says(link, delay = 0, waiting) {
    const data = `${link} ${delay} ${waiting ?? ''}`
    if (data === this.last) return
    this.last = data
    this.hear('link', data)
  }

  onSight() {
    clearTimeout(this.leaving)
    if (document.visibilityState === 'hidden') {
      if (this.hub) this.leaving = setTimeout(() => this.leave(), HIDDEN)
    } else if (this.line) {
      this.asked = now()
      this.post({ awake: true })
    } else {
      this.connect()
    }
  }

  /** Once a second: is the other end still there? It says something twice a heartbeat. */
  watch() {
    if (!this.line) return
    const limit = this.unanswered < 0 ? this.beat * 1.25 : SLOW
    if (since(this.heard) > limit || (this.asked && since(this.asked) > 2_000)) {
      this.unanswered++
      this.connect()
    }
  }
}

if ('onconnect' in globalThis) {
  const hub = new Hub()
  const onconnect = (/** @type {MessageEvent} */ { ports: [line] }) => line && hub.join(line)
  Object.assign(globalThis, { onconnect })
} else if ('document' in globalThis) {
  // What the page's wasm calls.
  const tandem = (/** @type {ConstructorParameters<typeof Tab>} */ ...begin) => {
    const tab = new Tab(...begin)
    return (/** @type {string} */ wish) => tab.wants(wish)
  }
  Object.assign(globalThis, { tandem })
}
