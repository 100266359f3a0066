// @ts-check
// `public/forget.js`: what is a person's goes when they sign out, also where Clear-Site-Data does nothing, and only then.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Script, createContext } from 'node:vm'

const file = join(import.meta.dirname, '../../public/forget.js')
const script = new Script(readFileSync(file, 'utf8').replace(/^export /gm, ''), { filename: file })

/**
 * A browser that holds something everywhere. @param {(path: string) => any} answer what is answered at an address
 * @param {object} [lacks] what it has in place of that
 */
function browser(answer, lacks = {}) {
  /** @type {string[]} */
  const gone = []
  const store = (/** @type {string} */ name) => ({ clear: () => void gone.push(name) })
  const transaction = { objectStore: store, oncomplete: () => {}, onabort: () => {} }
  const database = {
    objectStoreNames: ['outbox'], close: () => {},
    transaction: () => (setTimeout(() => transaction.oncomplete()), transaction),
  }
  const open = { result: database, onsuccess: () => {}, onerror: () => {} }
  const world = createContext({
    Promise, Error, URLSearchParams, setTimeout,
    localStorage: store('local'), sessionStorage: store('session'),
    indexedDB: { open: () => (setTimeout(() => open.onsuccess()), open) },
    caches: { keys: async () => ['person-1'], delete: async (/** @type {string} */ name) => void gone.push(name) },
    fetch: async (/** @type {string} */ path) => answer(path),
    location: { assign: (/** @type {string} */ to) => void gone.push(`to ${to}`) },
    ...lacks,
  })
  script.runInContext(world)
  const form = { action: '/sign-out', submit: () => void gone.push('submitted') }
  return { gone, forget: () => world.forget(), leave: () => world.leave(form) }
}

const json = (/** @type {object} */ body, status = 200) => ({ ok: status === 200, status, json: async () => body })

test('nothing of a person is left in any store, and what a browser does not have stops nothing', async () => {
  const whole = browser(() => json({}))
  await whole.forget()
  assert.deepEqual(whole.gone.sort(), ['local', 'outbox', 'person-1', 'session'])
  const poor = browser(() => json({}), {
    get localStorage() { return { clear: () => { throw new Error('denied') } } },
    indexedDB: { open: () => { throw new Error('denied') } }, caches: undefined,
  })
  await poor.forget()
  assert.deepEqual(poor.gone, ['session'])
})

test('it goes once the session is over, and stays where something else has answered', async () => {
  let out = false
  const signedOut = (/** @type {object} */ after, status = 200) => (/** @type {string} */ path) => {
    if (path === '/sign-out') return void (out = true)
    return out ? json(after, status) : json({ person: 'ana' })
  }
  for (const [after, status] of /** @type {const} */ ([[{ person: 'guest' }, 200], [{}, 401]])) {
    out = false
    const done = browser(signedOut(after, status))
    await done.leave()
    assert.ok(done.gone.includes('outbox') && done.gone.at(-1) === 'to /sign-in?out=1', `${done.gone}`)
  }
  for (const answer of [signedOut({ person: 'ana' }), signedOut({}, 502), () => { throw new TypeError('network') }]) {
    out = false
    const stays = browser(answer)
    await stays.leave()
    assert.deepEqual(stays.gone, ['submitted'])
  }
})
