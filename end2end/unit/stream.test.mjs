// @ts-check
// `public/stream.js` in a world of paper: what it must do, case by case, and random histories, in which every tab hears
// every change once and in order and is live in the end. TANDEM_SEED=… runs one history again, TANDEM_HISTORIES=… more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { World, random } from './world.mjs'

const SECOND = 1_000
const MINUTE = 60 * SECOND

const FREEZES = /** @type {const} */ (['told', 'kept', 'not told'])

/** Each page heard everything, once and in order, and says that it is live. @param {World} world */
function allLive(world) {
  assert.deepEqual(world.pages.flatMap(({ faults }) => faults), [])
  for (const page of world.there) {
    assert.ok(page.isLive, `${page.name} is ${page.link}, at ${page.life}.${page.through} of ${world.server.at()}; it heard\n${page.heard.slice(-8).join('\n')}`)
  }
}

/** A world with so many tabs, all live. @param {number} tabs @param {ConstructorParameters<typeof World>[1]} [browser] */
async function live(tabs, browser) {
  const world = new World(7, browser)
  for (let tab = 0; tab < tabs; tab++) world.page()
  await world.pass(2 * SECOND)
  allLive(world)
  return world
}

/** Something is said, and each page hears it within that time. @param {World} world @param {number} time */
async function nextIsHeard(world, time) {
  world.server.write()
  await world.pass(time)
  allLive(world)
}

test('twenty tabs share one stream', async () => {
  const world = await live(20)
  await nextIsHeard(world, SECOND)
  assert.equal(world.server.streams, 1)
  assert.equal(world.server.asked, 0)
  assert.ok(world.there.every(({ applied }) => applied === 1))
})

test('a tab that comes later, from a page drawn earlier, hears what lies between without asking', async () => {
  const world = await live(1)
  const late = world.page()
  world.server.write()
  await nextIsHeard(world, SECOND)
  assert.equal(late.applied, 2)
  assert.equal(world.server.asked, 0)
})

test('a tab from long ago is led to where the stream is', async () => {
  const world = await live(1)
  const [first] = world.there
  const old = { at: world.server.at() }
  for (let row = 0; row < 400; row++) world.server.write()
  await world.pass(SECOND)
  const at = world.server.at
  world.server.at = () => old.at
  const late = world.page()
  world.server.at = at
  late.through = first?.through ?? 0
  late.through -= 400
  await world.pass(3 * SECOND)
  allLive(world)
  assert.equal(late.applied, 400)
})

test('a page that pauses on its way to where the stream is stays where it is', async () => {
  const world = await live(1)
  const [page] = world.there
  page?.wants('again')
  await world.pass(5)
  world.server.write()
  page?.pause()
  await world.pass(MINUTE)
  assert.equal(page?.applied, 0)
  world.server.write()
  await world.pass(SECOND)
  assert.equal(page?.applied, 0)
  page?.pause(false)
  await world.pass(SECOND)
  assert.equal(page?.applied, 2)
  allLive(world)
})

test('a tab that is closed, with or without a word, takes nothing from the others', async () => {
  const world = await live(3)
  world.there[0]?.close()
  world.there[0]?.close(false)
  await nextIsHeard(world, SECOND)
  assert.equal(world.server.streams, 1)
})

test('a frozen tab is told nothing, and on its return what it missed', async () => {
  for (const how of FREEZES) {
    const world = await live(2)
    const page = world.there[0]
    page?.freeze(how)
    for (let second = 0; second < 600; second++) {
      world.server.write()
      await world.pass(SECOND)
    }
    // What lies in its line is what was said before it was given up, not ten minutes' worth.
    assert.ok((page?.scope.held.length ?? 0) < 90, `${page?.scope.held.length} held`)
    page?.thaw()
    await world.pass(5 * SECOND)
    allLive(world)
  }
})

test('when the worker dies, the tabs begin another', async () => {
  const world = await live(3)
  world.killWorker()
  world.server.write()
  await world.pass(27 * SECOND)
  assert.equal(world.workers, 2)
  allLive(world)
})

test('a worker that never answers is done without', async () => {
  const world = new World(7)
  world.browser.sharedWorker = () =>
    /** @type {any} */ (class { port = { postMessage() {}, close() {}, onmessage: null } })
  world.page()
  await world.pass(25 * SECOND)
  allLive(world)
})

test('without a shared worker each tab has a stream, and gives it back when it is out of sight', async () => {
  const world = new World(7)
  const [seen, hidden] = [world.page({ sharedWorker: false }), world.page({ sharedWorker: false })]
  await world.pass(2 * SECOND)
  allLive(world)
  hidden.turns('hidden')
  await world.pass(2 * MINUTE)
  assert.equal(world.server.connections.size, 1)
  assert.notEqual(hidden.link, 'up')
  world.server.write()
  hidden.turns('visible')
  await world.pass(2 * SECOND)
  allLive(world)
  assert.equal(seen.applied, 1)
})

for (const how of /** @type {const} */ (['drain', 'cut', 'refused'])) {
  test(`a stream that ends by ${how} is opened again and misses nothing`, async () => {
    const world = await live(2)
    world.server.end(how)
    await nextIsHeard(world, 6 * SECOND)
    assert.equal(world.server.asked, 0)
  })
}

test('a connection that dies without a word is noticed within two and a half heartbeats', async () => {
  const world = await live(2)
  world.server.end('half-open')
  await nextIsHeard(world, 52 * SECOND)
  assert.equal(world.server.asked, 0)
})

test('a server that is away is waited for, however long, and not all at once', async () => {
  const world = await live(1)
  world.server.up = false
  world.server.end('refused')
  await world.pass(20 * SECOND)
  assert.equal(world.there[0]?.link, 'offline')
  await world.pass(60 * MINUTE)
  world.server.up = true
  await nextIsHeard(world, 21 * SECOND)
})

test('a proxy that swallows the stream is asked instead, and the stream taken up when it lets it through', async () => {
  const world = new World(7)
  world.network.swallows = true
  world.page()
  world.page()
  await world.pass(15 * SECOND)
  await nextIsHeard(world, 2 * SECOND)
  assert.ok(world.server.asked > 1)
  assert.equal(world.server.streams, 2)
  // It does not ask without a pause, and tries the stream ever more seldom.
  const { asked } = world.server
  await world.pass(60 * MINUTE)
  assert.ok(world.server.asked - asked < 200, `asked ${world.server.asked - asked} times`)
  assert.ok(world.server.streams < 15, `tried ${world.server.streams} times`)
  world.network.swallows = false
  await world.pass(11 * MINUTE)
  assert.equal(world.server.connections.size, 1)
  const then = world.server.asked
  for (let row = 0; row < 5; row++) {
    world.server.write()
    await world.pass(MINUTE)
  }
  allLive(world)
  assert.ok(world.server.asked - then < 2)
})

test('a server that is full, or drains again and again, never leads to asking', async () => {
  const world = await live(2)
  for (const how of /** @type {const} */ (['says goodbye', 'says nothing'])) {
    world.server.full = how
    world.server.end('drain')
    await world.pass(5 * MINUTE)
    assert.notEqual(world.there[0]?.link, 'up')
  }
  world.server.full = false
  await world.pass(6 * SECOND)
  for (let time = 0; time < 20; time++) {
    world.server.end('drain')
    world.server.write()
    await world.pass(7 * SECOND)
  }
  allLive(world)
  assert.equal(world.server.asked, 0)
})

test('without EventSource it asks', async () => {
  const world = await live(2, { eventSource: false })
  await nextIsHeard(world, 2 * SECOND)
  assert.equal(world.server.streams, 0)
})

test('when the session is over the tabs are told, and nothing is tried until a page begins another', async () => {
  const world = await live(2)
  world.server.session = false
  world.server.end('cut')
  await world.pass(10 * SECOND)
  assert.deepEqual(world.there.map(({ link }) => link), ['ended', 'ended'])
  const { streams } = world.server
  await world.pass(10 * MINUTE)
  assert.equal(world.server.streams, streams)
  // Somebody begins anew, as somebody new: the other page, which is still open, becomes them too.
  world.server.session = true
  world.server.person = 'bob'
  world.reload(/** @type {import('./world.mjs').Page} */ (world.there[0]))
  await world.pass(10 * SECOND)
  assert.deepEqual(world.there.map(({ person }) => person), ['bob', 'bob'])
  allLive(world)
})

for (const gate of [401, 403, 404, 407, 200, 302, 0]) {
  test(`a login in front of the server that answers ${gate} ends no session, and is said to be there`, async () => {
    for (const browser of [{}, { eventSource: false }]) {
      const world = await live(2, browser)
      world.network.gate = gate
      world.server.end('cut')
      for (const page of world.pages) page.heard.length = 0
      await world.pass(MINUTE)
      assert.deepEqual(world.there.map(({ link, delay }) => [link, delay]), [['barred', gate], ['barred', gate]])
      const { length } = world.server.probed
      await world.pass(10 * MINUTE)
      const times = world.server.probed.slice(length)
      assert.ok(times.length > 20 && times.length < 400, `asked ${times.length} times`)
      assert.equal(world.pages.some(({ heard }) => heard.some((one) => one.startsWith('link ended'))), false)
      // A page that is loaded anew goes through it, and so do the others.
      world.network.gate = -1
      world.server.write()
      world.page()
      await world.pass(3 * SECOND)
      allLive(world)
    }
  })
}

for (const gate of [408, 425, 429, 500, 502, 503, 504, 522]) {
  test(`a proxy that answers ${gate} wants nobody to sign in`, async () => {
    const world = await live(1)
    world.network.gate = gate
    world.server.end('cut')
    await world.pass(MINUTE)
    assert.equal(world.there[0]?.link, 'offline')
    world.network.gate = -1
    await nextIsHeard(world, 21 * SECOND)
  })
}

test('a login, and then no server behind it: that is no login any more', async () => {
  const world = await live(1)
  world.network.gate = 403
  world.server.end('cut')
  await world.pass(MINUTE)
  world.network.gate = -1
  world.server.up = false
  await world.pass(MINUTE)
  assert.equal(world.there[0]?.link, 'offline')
})

test('when another tab became somebody else, no word of one reaches the other', async () => {
  const world = await live(2)
  world.server.person = 'bob'
  world.page()
  world.server.write()
  await world.pass(10 * SECOND)
  assert.ok(world.there.every(({ person }) => person === 'bob'))
  allLive(world)
})

test('a backup is put back: tabs from before and after come to the same', async () => {
  const world = await live(2)
  for (let row = 0; row < 5; row++) world.server.write()
  await world.pass(SECOND)
  world.server.restore()
  world.page() // Drawn by the new lifetime, while the worker still speaks of the old one.
  await nextIsHeard(world, 10 * SECOND)
})

test('a log that is shorter than it was leads the tabs back', async () => {
  const world = await live(2)
  for (let row = 0; row < 5; row++) world.server.write()
  await world.pass(SECOND)
  world.server.head -= 4
  world.server.rows.splice(-4)
  world.server.end('cut')
  await world.pass(6 * SECOND)
  await nextIsHeard(world, SECOND)
})

test('a sleep, or a clock that is set, costs one new connection at the most', async () => {
  for (const leap of [8 * 60 * MINUTE, -8 * 60 * MINUTE]) {
    const world = await live(2)
    world.wall += leap
    await nextIsHeard(world, 4 * SECOND)
    assert.ok(world.server.streams <= 2, `${world.server.streams} streams`)
    assert.equal(world.server.asked, 0)
  }
  // Asleep, the steady clock stood still; the connection is gone, and nobody said so.
  const world = await live(2)
  world.server.end('half-open')
  world.wall += 60 * MINUTE
  await nextIsHeard(world, 3 * SECOND)
})

test('a page in sight again asks at once whether the stream still lives', async () => {
  const world = await live(2)
  await world.pass(13 * SECOND)
  world.there[0]?.turns('hidden')
  world.server.end('half-open')
  world.steady += 30 * SECOND
  world.server.write()
  world.there[0]?.turns('visible')
  await world.pass(SECOND)
  allLive(world)
})

test('without a network it says so at once, and is back at once', async () => {
  const world = await live(2)
  world.browser.onLine = false
  for (const page of world.there) page.window.dispatch('offline')
  await world.pass(100)
  assert.deepEqual(world.there.map(({ link }) => link), ['offline', 'offline'])
  world.server.write()
  await world.pass(MINUTE)
  assert.equal(world.server.connections.size, 0)
  world.browser.onLine = true
  world.there[0]?.window.dispatch('online')
  await world.pass(500)
  allLive(world)
})

test('a network that is not quite back when the browser says so is one a moment later', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = new World(seed)
    world.page()
    await world.pass(2 * SECOND)
    const [page] = world.there
    world.network.down = true
    world.browser.onLine = false
    page?.window.dispatch('offline')
    await world.pass(MINUTE)
    world.browser.onLine = true
    page?.window.dispatch('online')
    await world.pass(100)
    world.network.down = false
    await world.pass(1.6 * SECOND) // At the worst it was asked just before, and waits for up to a second.
    allLive(world)
  }
})

test('a paused page is told how much waits, and hears it when it resumes', async () => {
  const world = await live(2)
  const [page, other] = world.there
  page?.pause()
  await world.pass(100)
  for (let row = 0; row < 4; row++) world.server.write()
  world.server.write(page?.name) // Its own doing.
  await world.pass(100)
  assert.equal(page?.waiting, '4')
  assert.equal(page?.applied, 0)
  assert.equal(other?.applied, 5)
  world.killWorker() // Not even that makes it forget.
  await world.pass(27 * SECOND)
  assert.equal(page?.waiting, '4')
  assert.equal(page?.applied, 0)
  page?.pause(false)
  await world.pass(SECOND)
  assert.equal(page?.waiting, '')
  assert.equal(page?.applied, 5)
  allLive(world)
})

/** Says something beside the log. @param {World} world @param {string} name @param {object} data */
function aside(world, name, data) {
  for (const connection of world.server.connections) connection.send({ kind: 'event', name, data })
}

test('what is lasting is said again to a tab that comes later', async () => {
  const world = await live(1)
  const say = aside.bind(null, world)
  say('presence', { list: 'a', people: [] })
  say('presence', { list: 'a', people: ['bob'] })
  say('presence', { list: 'b', people: ['eve'] })
  say('notice', { list: 'a' })
  say('gone', { list: 'b', reason: 'left' })
  say('weather', { fine: true }) // Of a newer server.
  await world.pass(SECOND)
  const late = world.page()
  await world.pass(SECOND)
  assert.deepEqual(late.heard.filter((heard) => !heard.startsWith('link')), ['presence {"list":"a","people":["bob"]}'])
  allLive(world)
})

test('the delay that is shown first is how long the stream took to open', async () => {
  const world = await live(1)
  const delay = world.there[0]?.delay ?? 0
  assert.ok(delay > 1 && delay < 100, `${delay} ms`)
})

/** What may go wrong, and what people do. @type {Record<string, (world: World, chance: () => number) => void>} */
const HAPPENS = {
  'a page opens': (world) => world.there.length < 6 && world.page(),
  'a page opens that holds its own stream': (world) => world.there.length < 6 && world.page({ sharedWorker: false }),
  'a page closes': (world, chance) => any(world, chance)?.close(chance() < 0.7),
  'a page freezes': (world, chance) => any(world, chance)?.freeze(FREEZES[Math.floor(chance() * FREEZES.length)] ?? 'told'),
  'all thaw': (world, chance) => world.there.forEach((page) => page.scope.frozen && page.thaw()),
  'a page turns away': (world, chance) => any(world, chance)?.turns('hidden'),
  'a page turns back': (world, chance) => any(world, chance)?.turns('visible'),
  'a page pauses': (world, chance) => any(world, chance)?.pause(chance() < 0.5),
  'a page wants it all again': (world, chance) => {
    const page = any(world, chance)
    page?.wants('again')
    if (page) page.paused = false
  },
  'the stream is cut': (world) => world.server.end('cut'),
  'the stream is refused': (world) => world.server.end('refused'),
  'the stream dies without a word': (world) => world.server.end('half-open'),
  'the server drains': (world) => world.server.end('drain'),
  'the server goes': (world) => {
    world.server.up = false
    world.server.end('cut')
  },
  'the server comes': (world) => (world.server.up = true),
  'the server is full, or not': (world, chance) =>
    (world.server.full = world.server.full ? false : chance() < 0.5 ? 'says goodbye' : 'says nothing'),
  'a backup is put back': (world, chance) => chance() < 0.3 && world.server.restore(),
  'the log is shortened': (world) => (world.server.oldest = world.server.head - 2),
  'the session ends, or not': (world, chance) => {
    world.server.session = !world.server.session
    if (!world.server.session) world.server.end(chance() < 0.5 ? 'cut' : 'refused')
  },
  'the browser becomes somebody else': (world, chance) => chance() < 0.3 && (world.server.person = chance() < 0.5 ? 'ann' : 'bob'),
  'the worker dies': (world) => world.killWorker(),
  'a proxy swallows, or not': (world) => (world.network.swallows = !world.network.swallows),
  'everything is lost on the way, or not': (world) => {
    world.network.lost = !world.network.lost
    world.server.end('half-open')
  },
  'something in front answers in its place, or not': (world, chance) => {
    world.network.gate = world.network.gate < 0 ? ([401, 403, 200, 0, 429, 503][Math.floor(chance() * 6)] ?? 0) : -1
    if (world.network.gate >= 0) world.server.end('cut')
  },
  'there is no network, or one again': (world) => {
    world.browser.onLine = !world.browser.onLine
    for (const page of world.there) page.scope.run(() => page.window.dispatch(world.browser.onLine ? 'online' : 'offline'))
  },
  'a clock is set': (world, chance) => (world.wall += (chance() - 0.5) * 120 * MINUTE),
}

/** @param {World} world @param {() => number} chance */
const any = (world, chance) => {
  const awake = world.there.filter(({ scope }) => !scope.frozen)
  return awake[Math.floor(chance() * awake.length)]
}

/** @param {number} seed */
async function history(seed) {
  const chance = random(seed)
  const world = new World(seed)
  const did = []
  const names = Object.keys(HAPPENS)
  world.page()
  world.page()
  try {
    for (let step = 0; step < 40; step++) {
      const name = names[Math.floor(chance() * names.length)] ?? ''
      did.push(`${Math.round(world.steady)} ${name}`)
      HAPPENS[name]?.(world, chance)
      for (let row = 0; row < chance() * 4; row++) world.server.write('', chance() < 0.7)
      await world.pass(chance() < 0.7 ? chance() * 3 * SECOND : chance() * 70 * SECOND)
      assert.deepEqual(world.pages.flatMap(({ faults }) => faults), [])
    }
    // Everything is well again, and nobody does anything about it but look at what is out of sight.
    Object.assign(world.server, { up: true, full: false, session: true })
    Object.assign(world.network, { lost: false, swallows: false, gate: -1 })
    did.push(`${Math.round(world.steady)} all is well`)
    const offline = !world.browser.onLine
    world.browser.onLine = true
    for (const page of world.there) {
      if (page.scope.frozen) page.thaw()
      if (offline) page.window.dispatch('online')
      if (page.document.visibilityState === 'hidden') page.turns('visible')
      if (page.paused) page.pause(false)
      if (page.link === 'ended') world.reload(page) // As the person is told to.
    }
    await world.pass(2 * MINUTE)
    await nextIsHeard(world, 5 * SECOND)
  } catch (error) {
    throw new Error(`TANDEM_SEED=${seed} runs this history again:\n${did.join('\n')}`, { cause: error })
  }
}

test('random histories: every tab hears every change once and in order, and is live in the end', async () => {
  const one = process.env.TANDEM_SEED
  const first = one ? Number(one) : Math.floor(Math.random() * 2 ** 31)
  const count = one ? 1 : Number(process.env.TANDEM_HISTORIES ?? 100)
  for (let number = 0; number < count; number++) await history(first + number)
})
