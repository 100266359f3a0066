// @ts-check
// A browser, a network and a server of paper: what `public/stream.js` runs in when its tests torment it. Time is what the
// world says, every random choice comes from one seed, and each tab and each worker is a global scope of its own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script, createContext } from 'node:vm'

const file = join(import.meta.dirname, '../../public/stream.js')
const source = readFileSync(file, 'utf8').replace(/^export /gm, '').replace('import.meta.url', "'/stream.js'")
const script = new Script(source, { filename: file })

/** Small, good enough, and the same everywhere (mulberry32). @param {number} seed */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Something with listeners. */
class Target {
  /** @type {Map<string, Set<(event: any) => void>>} */
  #listeners = new Map()
  addEventListener = (/** @type {string} */ name, /** @type {(event: any) => void} */ call) => {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set())
    this.#listeners.get(name)?.add(call)
  }
  dispatch(/** @type {string} */ name, event = {}) {
    for (const call of this.#listeners.get(name) ?? []) call(event)
  }
}

/** A global scope: a page's or a worker's. Frozen, nothing happens in it; dead, never again. */
class Scope {
  frozen = false
  dead = false
  /** @type {(() => void)[]} */
  held = []

  constructor(/** @type {World} */ world) {
    this.world = world
  }

  /** Runs it there: at once, when it thaws, or not at all. */
  run(/** @type {() => void} */ act) {
    if (this.dead) return
    if (this.frozen) this.held.push(act)
    else act()
  }

  thaw() {
    this.frozen = false
    for (const act of this.held.splice(0)) act()
  }

  /** What a script finds there. */
  globals() {
    const { world } = this
    const timer = (/** @type {() => void} */ act, /** @type {number} */ delay, /** @type {boolean} */ again) => {
      const handle = { off: false }
      let due = false
      const fire = () => {
        if (handle.off || this.dead) return
        if (again) world.after(delay, fire)
        if (due) return // However long it is frozen, a timer that is due is due once.
        due = true
        this.run(() => {
          due = false
          if (!handle.off) act()
        })
      }
      world.after(delay, fire)
      return handle
    }
    const scope = this
    return {
      performance: { now: () => world.steady },
      Date: { now: () => world.steady + world.wall },
      Math: new Proxy(Math, { get: (math, name) => (name === 'random' ? world.chance : Reflect.get(math, name)) }),
      setTimeout: (/** @type {() => void} */ act, /** @type {number} */ delay) => timer(act, delay, false),
      setInterval: (/** @type {() => void} */ act, /** @type {number} */ delay) => timer(act, delay, true),
      clearTimeout: (/** @type {{ off: boolean } | undefined} */ handle) => handle && (handle.off = true),
      AbortController,
      AbortSignal: {
        any: AbortSignal.any,
        timeout: (/** @type {number} */ delay) => {
          const abort = new AbortController()
          timer(() => abort.abort(), delay, false)
          return abort.signal
        },
      },
      MessageChannel: class {
        constructor() {
          Object.assign(this, channel(world, scope, scope))
        }
      },
      EventSource: world.browser.eventSource
        ? class extends Source {
            constructor(/** @type {string} */ address) {
              super(scope, address)
            }
          }
        : undefined,
      fetch: (/** @type {string} */ address, /** @type {{ signal: AbortSignal }} */ { signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => this.run(() => reject(new Error('aborted'))))
          world.server.answer(address, signal, (answer) => this.run(() => (answer ? resolve(answer) : reject(new Error('network')))))
        }),
      console,
    }
  }
}

/** Two ends of a line between two scopes. @param {World} world @param {Scope} one @param {Scope} other */
function channel(world, one, other) {
  const end = (/** @type {Scope} */ here) => ({
    /** @type {((event: { data: any }) => void) | null} */ onmessage: null,
    closed: false,
    here,
    due: 0,
    /** @type {any} */ peer: null,
    postMessage(/** @type {object} */ message) {
      const { peer } = this
      const data = structuredClone(message)
      this.due = Math.max(this.due + 0.001, world.steady + world.chance() * 3)
      if (!this.closed) world.at(this.due, () => !peer.closed && peer.here.run(() => peer.onmessage?.({ data })))
    },
    close() {
      this.closed = true
    },
  })
  const [port1, port2] = [end(one), end(other)]
  port1.peer = port2
  port2.peer = port1
  return { port1, port2 }
}

/** An EventSource: comes back after a cut, gives up on any answer but 200. */
class Source extends Target {
  /** @type {(() => void) | null} */
  onopen = null
  /** @type {(() => void) | null} */
  onerror = null
  readyState = 0
  last = ''
  /** @type {Connection | null} */
  connection = null

  constructor(/** @type {Scope} */ scope, /** @type {string} */ address) {
    super()
    this.scope = scope
    this.address = address
    this.#connect()
  }

  #connect() {
    const { world } = this.scope
    if (this.readyState === 2 || this.scope.dead) return
    this.readyState = 0
    const connection = (this.connection = new Connection(this))
    world.server.connect(connection, this.last || new URL(this.address, 'http://x').searchParams.get('since') || '')
  }

  /** What arrives. */
  take(/** @type {Connection} */ connection, /** @type {{ kind: string, id?: string, name?: string, data?: object }} */ piece) {
    this.scope.run(() => {
      if (this.connection !== connection || this.readyState === 2) return
      if (piece.kind === 'open') {
        this.readyState = 1
        this.onopen?.()
      } else if (piece.kind === 'event') {
        if (piece.id) this.last = piece.id
        this.dispatch(piece.name ?? '', { data: JSON.stringify(piece.data), lastEventId: this.last })
      } else {
        this.connection = null
        this.readyState = piece.kind === 'refused' ? 2 : 0
        if (this.readyState === 0) this.scope.world.after(500 + this.scope.world.chance() * 3_500, () => this.scope.run(() => this.#connect()))
        this.onerror?.()
      }
    })
  }

  close() {
    this.readyState = 2
    this.scope.world.server.forget(this.connection)
    this.connection = null
  }
}

/** A stream on its way. */
class Connection {
  mute = false
  open = false
  person = ''
  constructor(/** @type {Source} */ source) {
    this.source = source
  }

  send(/** @type {Parameters<Source['take']>[1]} */ piece, delay = 1) {
    const { world } = this.source.scope
    // Nothing overtakes anything on one connection.
    this.due = Math.max((this.due ?? 0) + 0.001, world.steady + delay + world.chance() * 5)
    world.at(this.due, () => {
      this.mute ||= world.network.swallows && piece.kind !== 'open' // What it swallows it never gives back.
      if (!this.mute) this.source.take(this, piece)
    })
  }
}

const HEARTBEAT = 20

/** @typedef {{ seq: number, life: number, person: string, client: string }} LogRow */

/** Rows in a log, told to whoever listens. */
class Server {
  up = true
  /** Ends every stream as soon as it is open: with a goodbye, or as a proxy does for a server that is away. @type {false | 'says goodbye' | 'says nothing'} */
  full = /** @type {any} */ (false)
  session = true
  person = 'ann'
  life = 1
  head = 10
  /** The rows, each for one person: of what nobody here may see only the number is taken. @type {LogRow[]} */
  rows = []
  /** Before this nothing can be replayed. */
  oldest = 0
  /** @type {Set<Connection>} */
  connections = new Set()
  /** @type {Set<() => void>} */
  asking = new Set()
  streams = 0
  asked = 0
  /** When something was asked that is no stream. @type {number[]} */
  probed = []

  constructor(/** @type {World} */ world) {
    this.world = world
    const beat = () => {
      for (const connection of this.connections) if (connection.open) connection.send({ kind: 'event', ...this.heartbeat() })
      world.after(HEARTBEAT * 1_000, beat)
    }
    world.after(HEARTBEAT * 1_000, beat)
  }

  at(seq = this.head) {
    return `k${this.life}.${seq}`
  }

  heartbeat() {
    return { name: 'heartbeat', id: this.at(), data: { seq: this.head } }
  }

  /** What a stream from that cursor begins with. @param {string} since */
  catchUp(since) {
    const [life, text] = since.split('.')
    const seq = Number(text)
    const known = life === `k${this.life}` && seq >= this.oldest && seq <= this.head
    const from = known ? seq : this.head
    const events = [{ name: 'hello', id: this.at(from), data: { heartbeat: HEARTBEAT, account: { person: this.person }, life: this.life, seq: from, head: this.head } }]
    if (!known) return [...events, { name: 'reset', id: this.at(), data: { seq: this.head, life: this.life } }, this.heartbeat()]
    const rows = this.rows.filter((row) => row.seq > from && row.person === this.person).map((row) => this.change(row))
    return [...events, ...rows, this.heartbeat()]
  }

  /** @param {LogRow} row */
  change(row) {
    return { name: 'change', id: this.at(row.seq), data: row }
  }

  write(client = '', own = true) {
    this.head += 1
    if (!own) return
    const row = { seq: this.head, life: this.life, person: this.person, client }
    this.rows.push(row)
    for (const connection of this.connections) {
      if (connection.open && connection.person === this.person) connection.send({ kind: 'event', ...this.change(row) })
    }
    for (const answer of [...this.asking]) answer()
  }

  /** @param {Connection} connection @param {string} since */
  connect(connection, since) {
    const { world } = this
    if (world.network.lost) return
    world.after(1 + world.chance() * 30, () => {
      if (connection.source.connection !== connection) return
      this.streams++
      if (!this.up || world.network.down) return connection.send({ kind: 'cut' })
      if (world.network.gate >= 0) return connection.send({ kind: 'refused' })
      if (!this.session) return connection.send({ kind: 'refused' })
      connection.send({ kind: 'open' })
      if (this.full) {
        if (this.full === 'says goodbye') connection.send({ kind: 'event', name: 'bye', data: { reason: 'full' } })
        return connection.send({ kind: 'cut' })
      }
      connection.person = this.person
      connection.open = true
      this.connections.add(connection)
      for (const event of this.catchUp(since)) connection.send({ kind: 'event', ...event })
    })
  }

  /** A backup is put back: the last rows are gone, and another lifetime begins. */
  restore() {
    this.end('cut')
    this.head -= Math.min(3, this.head - 10)
    this.rows = this.rows.filter(({ seq }) => seq <= this.head)
    this.life++
  }

  /** @param {Connection | null} connection */
  forget(connection) {
    if (connection) this.connections.delete(connection)
  }

  /** Ends all streams: with a goodbye, or without. @param {'drain' | 'cut' | 'half-open' | 'refused'} how */
  end(how) {
    for (const connection of this.connections) {
      if (how === 'half-open') connection.mute = true
      else {
        if (how === 'drain') connection.send({ kind: 'event', name: 'bye', data: { reason: 'stopping' } })
        connection.send({ kind: how === 'refused' ? 'refused' : 'cut' })
      }
      connection.open = false
    }
    this.connections.clear()
  }

  /** @param {string} address @param {AbortSignal} signal @param {(answer: object | null) => void} done */
  answer(address, signal, done) {
    const { world } = this
    const url = new URL(address, 'http://x')
    const late = () => 1 + world.chance() * 30
    if (world.network.lost) return
    world.after(late(), () => {
      if (!this.up || world.network.down) return done(null)
      const { gate } = world.network
      this.probed.push(world.steady)
      if (gate >= 0) return done({ ok: gate === 200, status: gate, headers: new Map(), json: () => Promise.reject(new SyntaxError('<!doctype')) })
      const headers = new Map([['tandem', '1']])
      if (!this.session) return done({ ok: false, status: 401, headers })
      if (url.pathname === '/session') return done({ ok: true, status: 200, headers })
      this.asked++
      const since = url.searchParams.get('since') ?? ''
      const wait = url.searchParams.get('wait') === '0' ? 0 : 25_000
      let answered = false
      const answer = () => {
        if (answered || signal.aborted) return
        answered = true
        this.asking.delete(answer)
        const events = this.catchUp(since).map(({ name, id, data }) => ({ event: name, id, data }))
        world.after(late(), () => done(world.network.down || world.network.lost ? null : { ok: true, status: 200, headers, json: async () => structuredClone(events) }))
      }
      const news = this.catchUp(since).some(({ name }) => name !== 'hello' && name !== 'heartbeat')
      if (wait === 0 || news) return answer()
      this.asking.add(answer)
      world.after(wait, answer)
    })
  }
}

/** A page: hears what its end of the stream says, and holds every word against the log. */
export class Page {
  /** How things are, as the page was last told. */
  link = ''
  waiting = ''
  delay = 0
  /** Everything up to here has been applied, or was in what the page was drawn with. */
  through
  life
  applied = 0
  paused = false
  closed = false
  frozen = 'not told'
  /** @type {string[]} */
  faults = []
  /** @type {string[]} */
  heard = []

  /** @param {World} world @param {{ sharedWorker: boolean }} browser */
  constructor(world, { sharedWorker }) {
    this.world = world
    this.name = `page${world.pages.length + 1}`
    this.through = world.server.head
    this.life = world.server.life
    this.person = world.server.person
    this.scope = new Scope(world)
    this.window = new Target()
    this.document = Object.assign(new Target(), { visibilityState: 'visible' })
    world.pages.push(this)
    const globals = createContext({
      ...this.scope.globals(),
      document: this.document,
      addEventListener: this.window.addEventListener,
      navigator: world.browser,
      SharedWorker: sharedWorker && world.browser.sharedWorker(this.scope),
    })
    script.runInContext(globals)
    this.wants = globals.tandem(world.server.at(), this.person, this.name, (/** @type {string} */ name, /** @type {string} */ data) =>
      this.hear(name, data),
    )
  }

  /** @param {string} name @param {string} data */
  hear(name, data) {
    if (this.closed) return // It is somebody else's by now and about to load anew.
    this.heard.push(`${name} ${data}`)
    if (name === 'link') {
      const [link, delay, waiting] = data.split(' ')
      this.link = link ?? ''
      this.delay = Number(delay)
      this.waiting = waiting ?? ''
      return
    }
    const said = JSON.parse(data)
    if (name === 'hello') {
      if (said.account.person !== this.person) return this.world.reload(this)
      if (this.life !== said.life || said.seq > this.through) this.leaps(said)
    } else if (name === 'reset') this.leaps(said)
    else if (name === 'change') {
      const missed = this.own().filter(({ seq, life }) => life === said.life && seq > this.through && seq < said.seq)
      if (said.life !== this.life || said.person !== this.person) this.faults.push(`${this.name} heard ${data}, which is not for it`)
      if (said.seq <= this.through) this.faults.push(`${this.name} heard ${said.seq} again after ${this.through}`)
      if (missed.length) this.faults.push(`${this.name} missed ${missed.map(({ seq }) => seq)} before ${said.seq}`)
      this.through = said.seq
      this.applied++
    }
  }

  /** It fetches everything anew. @param {{ life: number, seq: number }} to */
  leaps({ life, seq }) {
    this.life = life
    this.through = seq
  }

  own() {
    return this.world.server.rows.filter(({ person }) => person === this.person)
  }

  /** Whether it has everything and knows it. */
  get isLive() {
    return this.link === 'up' && this.life === this.world.server.life && this.own().every(({ seq }) => seq <= this.through)
  }

  /** Stands still: told so, as a browser does; kept for Back; or not told, as at a computer's sleep. @param {'told' | 'kept' | 'not told'} how */
  freeze(how) {
    if (how === 'told') this.document.dispatch('freeze')
    if (how === 'kept') this.window.dispatch('pagehide', { persisted: true })
    this.frozen = how
    this.scope.frozen = true
  }

  thaw() {
    this.scope.thaw()
    if (this.frozen === 'told') this.document.dispatch('resume')
    if (this.frozen === 'kept') this.window.dispatch('pageshow', { persisted: true })
  }

  /** @param {'visible' | 'hidden'} state */
  turns(state) {
    this.document.visibilityState = state
    this.document.dispatch('visibilitychange')
  }

  pause(paused = true) {
    this.paused = paused
    this.wants(paused ? 'pause' : 'resume')
  }

  /** @param {boolean} told whether the page can say goodbye */
  close(told = true) {
    if (told) this.window.dispatch('pagehide')
    this.scope.dead = this.closed = true
  }
}

/** Everything there is. */
export class World {
  steady = 1_000
  /** What the wall clock is ahead by. */
  wall = 1_700_000_000_000
  /** @type {{ due: number, order: number, act: () => void }[]} */
  #queue = []
  #order = 0
  /** @type {Page[]} */
  pages = []
  /** @type {Scope | null} */
  worker = null
  workers = 0
  /** A gate is something in front of the server that answers in its place, with that status; 0 leads to another origin. */
  network = { down: false, lost: false, swallows: false, gate: -1 }
  browser

  /** @param {number} seed @param {{ eventSource?: boolean }} [browser] */
  constructor(seed, { eventSource = true } = {}) {
    this.chance = random(seed)
    this.browser = { onLine: true, eventSource, sharedWorker: (/** @type {Scope} */ page) => this.#sharedWorker(page) }
    this.server = new Server(this)
  }

  #sharedWorker(/** @type {Scope} */ page) {
    const world = this
    return class {
      constructor() {
        if (!world.worker || world.worker.dead) {
          world.worker = new Scope(world)
          world.workers++
          const globals = createContext({ ...world.worker.globals(), onconnect: null })
          script.runInContext(globals)
          Object.assign(world.worker, { globals: () => globals })
        }
        const { port1, port2 } = channel(world, page, world.worker)
        const { onconnect } = /** @type {any} */ (world.worker.globals())
        world.worker.run(() => onconnect({ ports: [port2] }))
        Object.assign(this, { port: port1 })
      }
    }
  }

  /** The worker's process ends. */
  killWorker() {
    if (!this.worker) return
    this.worker.dead = true
    for (const connection of this.server.connections) if (connection.source.scope === this.worker) this.server.forget(connection)
  }

  page({ sharedWorker = true } = {}) {
    return new Page(this, { sharedWorker })
  }

  /** The page loads anew, once what it does now is done. @param {Page} page */
  reload(page) {
    if (page.closed) return
    page.close()
    this.after(50, () => this.page())
  }

  /** @param {number} delay @param {() => void} act */
  after(delay, act) {
    this.at(this.steady + delay, act)
  }

  /** @param {number} due @param {() => void} act */
  at(due, act) {
    const order = this.#order++
    const before = (/** @type {{ due: number, order: number }} */ other) => due < other.due || (due === other.due && order < other.order)
    let [low, high] = [0, this.#queue.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(/** @type {any} */ (this.#queue[middle]))) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, { due, order, act }) // The next comes last.
  }

  /** Lets that much time pass. @param {number} milliseconds */
  async pass(milliseconds) {
    const end = this.steady + milliseconds
    for (let next; (next = this.#queue.at(-1)) && next.due <= end; ) {
      this.#queue.pop()
      this.steady = next.due
      next.act()
      await settled()
    }
    this.steady = end
  }

  /** The pages that are there. */
  get there() {
    return this.pages.filter((page) => !page.closed)
  }
}

/** Until every promise that can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
