// @ts-check
// `public/outbox.js` with a browser's storage of paper: it is closed, cleared, held up and refused, and what is not answered stands
// somewhere on the device, or the page is told that it does not.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'

/** A browser's storage, with the ways in which it fails. */
class Device {
  /** @type {Map<string, string> | null} what is in the database, if there is one */
  store = null
  /** @type {Map<string, string>} */
  beside = new Map()
  /** @type {'well' | 'throws' | 'fails' | 'silent' | 'absent'} */
  opens = /** @type {any} */ ('well')
  /** @type {'well' | 'throws' | 'aborts' | 'silent'} */
  writes = /** @type {any} */ ('well')
  room = true
  /** @type {Set<any>} */
  open = new Set()
  /** @type {(() => void)[]} */
  waiting = []

  constructor() {
    const device = this
    const globals = {
      localStorage: new Proxy({}, {
        get: (_, name) => (/** @type {string} */ key, /** @type {string} */ text) => {
          if (!device.room) throw new Error('QuotaExceededError')
          if (name === 'getItem') return device.beside.get(key) ?? null
          if (name === 'setItem') device.beside.set(key, text)
          if (name === 'removeItem') device.beside.delete(key)
        },
        ownKeys: () => { if (!device.room) throw new Error('SecurityError'); return [...device.beside.keys()] },
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      }),
    }
    Object.defineProperty(globalThis, 'localStorage', { value: globals.localStorage, configurable: true })
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      get: () => {
        if (device.opens === 'throws') throw new Error('SecurityError')
        return device.opens === 'absent' ? undefined : { open: () => device.#open() }
      },
    })
  }

  #open() {
    /** @type {any} */
    const request = {}
    const answer = () => {
      if (this.opens === 'fails') return request.onerror?.()
      if (this.opens === 'silent') return void this.waiting.push(answer)
      const device = this
      const database = {
        closed: false,
        createObjectStore: () => (device.store = new Map()),
        close() {
          this.closed = true
          device.open.delete(this)
        },
        transaction(/** @type {string} */ _, mode = 'readonly') {
          if (this.closed || (mode === 'readwrite' && device.writes === 'throws')) throw new Error('InvalidStateError')
          const changes = new Map()
          /** @type {any} */
          const transaction = {
            objectStore: () => ({
              put: (/** @type {string} */ text, /** @type {string} */ key) => changes.set(key, text),
              delete: (/** @type {string} */ key) => changes.set(key, null),
              getAll: () => reads(() => [...(device.store ?? [])].sort().map(([, text]) => text)),
              getAllKeys: () => reads(() => [...(device.store ?? [])].sort().map(([key]) => key)),
            }),
          }
          const reads = (/** @type {() => string[]} */ look) => {
            /** @type {any} */
            const read = {}
            setTimeout(() => ((read.result = look()), read.onsuccess?.()), 1)
            return read
          }
          if (mode === 'readwrite') setTimeout(() => {
            if (device.writes === 'silent') return
            if (this.closed || device.writes === 'aborts') return transaction.onabort?.()
            for (const [key, text] of changes) text === null ? device.store?.delete(key) : device.store?.set(key, text)
            transaction.oncomplete?.()
          }, 1)
          return transaction
        },
      }
      request.result = database
      if (!this.store) request.onupgradeneeded?.()
      this.open.add(database)
      request.onsuccess?.()
    }
    setTimeout(answer, 1)
    return request
  }

  /** The person clears what the site has, or another tab deletes the database. @param {'onclose' | 'onversionchange'} how */
  clear(how = 'onclose') {
    this.store = null
    for (const database of [...this.open]) {
      if (how === 'onclose') database.close()
      database[how]?.()
    }
  }

  /** What is not answered, in either place. */
  get unanswered() {
    const beside = [...this.beside].filter(([key]) => key.startsWith('tandem-outbox-')).map(([key, text]) => [key.slice(14), text])
    const all = new Map([...(this.store ?? []), .../** @type {[string, string][]} */ (beside)])
    return [...all].filter(([, text]) => !JSON.parse(text).answered).map(([key]) => key).sort()
  }
}

const entry = (/** @type {string} */ key, answered = false) => JSON.stringify({ key, answered })

mock.timers.enable({ apis: ['setTimeout'] })
/** Lets time pass. @param {number} milliseconds */
async function pass(milliseconds) {
  for (let step = 0; step < milliseconds; step += 10) {
    mock.timers.tick(10)
    for (let turn = 0; turn < 12; turn++) await null
  }
}
mock.method(console, 'warn', () => {})
const { Outbox } = await import('../../public/outbox.js')

/** A page, and what earlier ones left to it. @param {number} [patience] */
async function page(patience = 100) {
  const outbox = new Outbox()
  /** @type {string[] | null | undefined} */
  let left
  outbox.all().then((texts) => (left = texts))
  await pass(patience)
  return { outbox, left: (left ?? []).map((text) => JSON.parse(text).key) }
}

test('what is asked is in the database, and out of it when it is answered and old', async () => {
  const device = new Device()
  const { outbox } = await page()
  outbox.write('a', entry('a'))
  assert.equal(outbox.kept(), 1)
  outbox.write('b', entry('b'))
  await pass(50)
  assert.deepEqual([outbox.kept(), device.unanswered, [...device.beside]], [2, ['a', 'b'], []])
  outbox.write('a', entry('a', true))
  outbox.write('b')
  await pass(50)
  assert.deepEqual([...(device.store ?? [])], [['a', entry('a', true)]])
  assert.deepEqual((await page()).left, ['a'])
})

for (const how of /** @type {const} */ (['onclose', 'onversionchange'])) {
  test(`a database that goes under the page (${how}) is made anew with all that is not answered`, async () => {
    const device = new Device()
    const { outbox } = await page()
    for (const key of ['a', 'b', 'c']) outbox.write(key, entry(key))
    outbox.write('c', entry('c', true))
    await pass(50)
    device.clear(how)
    assert.deepEqual([device.unanswered, outbox.kept()], [['a', 'b'], 2], 'at once, beside it')
    outbox.write('d', entry('d'))
    await pass(1_000)
    assert.deepEqual([[...(device.store?.keys() ?? [])].sort(), [...device.beside], outbox.kept()], [['a', 'b', 'd'], [], 2])
    outbox.write('a', entry('a', true))
    outbox.write('b')
    outbox.write('d')
    await pass(50)
    assert.deepEqual([device.unanswered, outbox.kept()], [[], 2])
  })
}

for (const opens of /** @type {const} */ (['throws', 'fails', 'silent', 'absent'])) {
  test(`where a database ${opens}, what is asked stands beside it, and goes in when there is one`, async () => {
    const device = new Device()
    device.opens = opens
    const first = await page(5_000)
    for (const key of ['a', 'b']) first.outbox.write(key, entry(key))
    assert.deepEqual([device.unanswered, first.outbox.kept()], [['a', 'b'], 2])
    first.outbox.write('b', entry('b', true))
    await pass(10_000)
    assert.deepEqual([device.unanswered, first.outbox.kept()], [['a'], 2])
    const second = await page(5_000)
    assert.deepEqual(second.left, ['a'])
    device.opens = 'well'
    for (const answer of device.waiting.splice(0)) answer()
    await pass(61_000)
    assert.deepEqual([[...(device.store?.keys() ?? [])], [...device.beside]], [['a'], []])
    assert.deepEqual((await page()).left, ['a'], 'once')
  })
}

for (const writes of /** @type {const} */ (['throws', 'aborts', 'silent'])) {
  test(`a database whose writing ${writes} loses nothing, and is tried seldom`, async () => {
    const device = new Device()
    const { outbox } = await page()
    outbox.write('a', entry('a'))
    await pass(50)
    device.writes = writes
    outbox.write('b', entry('b'))
    await pass(5_000)
    assert.deepEqual([device.unanswered, outbox.kept()], [['a', 'b'], 2])
    let tried = 0
    const begin = globalThis.indexedDB
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: { open: () => (tried++, begin.open('')) } })
    await pass(600_000)
    assert.ok(tried > 3 && tried < 30, `${tried} times`)
    device.writes = 'well'
    await pass(70_000)
    assert.deepEqual([[...(device.store?.keys() ?? [])].sort(), [...device.beside], outbox.kept()], [['a', 'b'], [], 2])
  })
}

test('where nothing is kept at all that is said, and only while it is so', async () => {
  const device = new Device()
  device.opens = 'throws'
  device.room = false
  const { outbox, left } = await page()
  assert.deepEqual([left, outbox.kept()], [[], 0])
  outbox.write('a', entry('a'))
  await pass(50)
  assert.equal(outbox.kept(), 0)
  device.room = true
  assert.deepEqual([outbox.kept(), device.unanswered], [2, ['a']])
  device.room = false
  outbox.write('a')
  await pass(50)
  device.opens = 'well'
  await pass(130_000)
  assert.deepEqual([outbox.kept(), [...(device.store ?? [])]], [2, []])
})

test('what somebody else put there keeps nothing from being found', async () => {
  const device = new Device()
  device.store = new Map([['a', entry('a')], ['b', 'null'], ['c', '{']])
  for (const text of ['', 'nonsense', 'null']) device.beside.set(`tandem-outbox-${text}`, text)
  device.beside.set('another-key', entry('z'))
  const outbox = new Outbox()
  const left = outbox.all()
  await pass(100)
  const texts = (await left) ?? []
  assert.ok(texts.includes(entry('a')) && !texts.includes(entry('z')))
  outbox.write('d', entry('d'))
  await pass(100)
  assert.equal(outbox.kept(), 2)
  assert.ok(device.store?.has('d') && device.beside.has('another-key'))
})

test('what this page writes while the database opens is not what an earlier one left', async () => {
  const device = new Device()
  const outbox = new Outbox()
  const left = outbox.all()
  outbox.write('a', entry('a'))
  assert.deepEqual(device.unanswered, ['a'])
  await pass(50)
  assert.deepEqual([await left, outbox.kept(), [...(device.store?.keys() ?? [])], [...device.beside]], [[], 2, ['a'], []])
})

test('a database that opens late tells then what an earlier page left, and once', async () => {
  const device = new Device()
  device.store = new Map([['a', entry('a')], ['b', entry('b')]])
  device.beside.set('tandem-outbox-b', entry('b', true))
  device.opens = 'silent'
  const outbox = new Outbox()
  /** @type {any[]} */
  const told = []
  ;(async () => {
    for (let texts = await outbox.all(); texts; texts = await outbox.all()) told.push(texts.map((text) => JSON.parse(text).key))
    told.push('all')
  })()
  await pass(5_000)
  assert.deepEqual(told, [['b']], 'what stands beside it')
  outbox.write('c', entry('c'))
  await pass(30_000)
  device.opens = 'well'
  for (const answer of device.waiting.splice(0)) answer()
  await pass(100)
  assert.deepEqual(told, [['b'], ['a'], 'all'])
  await pass(61_000)
  assert.deepEqual([device.unanswered, outbox.kept(), [...device.beside]], [['a', 'c'], 2, []])
})

test('where the person has signed out nothing is written any more', async () => {
  const device = new Device()
  const { outbox } = await page()
  device.writes = 'silent'
  outbox.write('a', entry('a'))
  await pass(5_000)
  outbox.ends()
  device.beside.clear()
  device.store?.clear()
  device.clear('onclose')
  device.writes = 'well'
  await pass(130_000)
  assert.deepEqual([device.unanswered, [...device.beside]], [[], []])
})
