// @ts-check
// `public/passkey.js` with what browsers and password managers make: real objects, plain ones, with methods that are missing or
// throw, with buffers of another world.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Script, createContext, runInNewContext } from 'node:vm'

const file = join(import.meta.dirname, '../../public/passkey.js')
const script = new Script(readFileSync(file, 'utf8').replace(/^export .*$/gm, ''), { filename: file })

/** @param {...number} bytes */
const buffer = (...bytes) => new Uint8Array(bytes).buffer

/** A buffer that another world has made. @param {...number} bytes */
const foreign = (...bytes) => runInNewContext('new Uint8Array(bytes).buffer', { bytes })

/**
 * Presses the button of a page that does that, in a browser where `credential` is made or found, and gives what was sent to the server,
 * what the page says, where it leads, and what was signalled.
 * @param {string} does
 * @param {() => any} credential
 * @param {{ finish?: () => any }} [server]
 */
async function press(does, credential, { finish = () => json({ to: '/there' }) } = {}) {
  class HTMLElement {}
  /** @type {(() => Promise<void>) | undefined} */
  let click
  const button = { disabled: false, addEventListener: (/** @type {string} */ _, /** @type {any} */ call) => (click = call) }
  const says = { textContent: '' }
  const part = Object.assign(new HTMLElement(), {
    dataset: { passkey: does, next: '/next' },
    querySelector: (/** @type {string} */ which) => (which === 'button' ? button : says),
  })
  /** @type {any[]} */
  const sent = []
  /** @type {any[]} */
  const signalled = []
  /** @type {string[]} */
  const led = []
  const options = { challenge: 'AQID', user: { id: 'BAUG' }, rp: { id: 'tandem.example' }, rpId: 'tandem.example' }
  const world = createContext({
    HTMLElement, Error, URL, atob, btoa,
    PublicKeyCredential: Object.assign(class {}, {
      signalUnknownCredential: async (/** @type {any} */ details) => void signalled.push(details),
    }),
    AuthenticatorAttestationResponse: class {},
    AuthenticatorAssertionResponse: class {},
    navigator: { credentials: { create: async () => credential(), get: async () => credential() } },
    location: { assign: (/** @type {string} */ to) => led.push(to) },
    document: {
      getElementById: () => null,
      querySelector: () => null,
      querySelectorAll: () => [part],
    },
    fetch: async (/** @type {string} */ path, /** @type {any} */ { body }) => {
      if (path.endsWith('/begin')) return json({ key: 'key', options })
      sent.push(JSON.parse(body))
      return finish()
    },
  })
  world.window = world
  world.globalThis = world
  script.runInContext(world)
  await click?.()
  return { sent: sent[0]?.credential, says: says.textContent, led: led[0], signalled }
}

/** @param {object} body @param {number} [status] */
const json = (body, status = 200) => ({ status, headers: { get: () => 'application/json' }, json: async () => body })

const MADE = {
  id: 'AQI', rawId: buffer(1, 2), type: 'public-key',
  response: { clientDataJSON: buffer(3), attestationObject: buffer(250, 251) },
}

test('what a password manager makes is judged by its fields', async () => {
  const wanted = { clientDataJSON: 'Aw', attestationObject: '-vs', transports: [] }
  for (const [name, made] of Object.entries({
    plain: MADE,
    'of another world': { ...MADE, rawId: foreign(1, 2), response: { clientDataJSON: foreign(3), attestationObject: foreign(250, 251) } },
    views: { ...MADE, rawId: new Uint8Array([0, 1, 2]).subarray(1), response: { clientDataJSON: new Uint8Array([3]), attestationObject: new Uint8Array([250, 251]) } },
    'text in place of bytes': { ...MADE, rawId: undefined, response: { clientDataJSON: 'Aw==', attestationObject: '+vs=' } },
    'methods that throw': {
      ...MADE, toJSON: () => { throw new Error('illegal invocation') },
      response: { ...MADE.response, getTransports: () => { throw new Error('illegal invocation') } },
    },
    'only toJSON': { id: 'AQI', toJSON: () => ({ id: 'AQI', response: { clientDataJSON: 'Aw', attestationObject: '-vs' } }) },
    'a wrong type and attachment': { ...MADE, type: undefined, authenticatorAttachment: 'somewhere' },
  })) {
    const { sent, led } = await press('add', () => made)
    assert.deepEqual(sent, { id: 'AQI', rawId: 'AQI', type: 'public-key', response: wanted, clientExtensionResults: {} }, name)
    assert.equal(led, '/there', name)
  }
  const whole = { ...MADE, authenticatorAttachment: 'platform', response: { ...MADE.response, getTransports: () => ['internal', 'cable'] } }
  const { sent } = await press('sign-up', () => whole)
  assert.deepEqual([sent.authenticatorAttachment, sent.response.transports], ['platform', ['internal']])
})

test('what a password manager finds is judged by its fields', async () => {
  const found = { id: 'AQI', response: { clientDataJSON: foreign(3), authenticatorData: buffer(4), signature: buffer(5), userHandle: buffer(6) } }
  const { sent, led } = await press('sign-in', () => found)
  assert.deepEqual(sent.response, { clientDataJSON: 'Aw', authenticatorData: 'BA', signature: 'BQ', userHandle: 'Bg' })
  assert.deepEqual([sent.id, sent.rawId, led], ['AQI', 'AQI', '/there'])
  const without = await press('prove', () => ({ ...found, response: { ...found.response, userHandle: null } }))
  assert.equal(without.sent.response.userHandle, null)
})

test('where a device may have kept one that is not known here, the page says so', async () => {
  const refused = await press('add', () => MADE, { finish: () => json({ problem: 'This took too long.' }, 422) })
  assert.match(refused.says, /^This took too long\. Your device may have kept the passkey all the same\./)
  assert.deepEqual(JSON.parse(JSON.stringify(refused.signalled)), [{ rpId: 'tandem.example', credentialId: 'AQI' }])
  // Nobody knows whether the server has it: nothing may hide it.
  for (const finish of [() => { throw new TypeError('network') }, () => ({ status: 502, headers: { get: () => 'text/html' } }), () => json({ problem: 'Later.' }, 503)]) {
    const lost = await press('add', () => MADE, { finish })
    assert.match(lost.says, /If it is not listed under “Passkeys”/)
    assert.deepEqual(lost.signalled, [])
  }
  const unreadable = await press('sign-up', () => ({ id: 'AQI', response: {} }))
  assert.match(unreadable.says, /Your device may have kept the passkey\./)
  const cancelled = await press('add', () => { throw Object.assign(new Error('no'), { name: 'NotAllowedError' }) })
  assert.equal(cancelled.says, 'This was cancelled or took too long. Nothing was changed.')
  const nothing = await press('add', () => null)
  assert.equal(nothing.says, 'Your browser could not do this. Please try again.')
})

test('a passkey that the server does not know is told so, and no other', async () => {
  const found = { id: 'AQI', response: { clientDataJSON: buffer(3), authenticatorData: buffer(4), signature: buffer(5) } }
  const unknown = await press('sign-in', () => found, { finish: () => json({ problem: 'Not known.', unknown: true }, 422) })
  assert.equal(unknown.signalled.length, 1)
  assert.equal(unknown.says, 'Not known.')
  const wrong = await press('sign-in', () => found, { finish: () => json({ problem: 'Not verified.' }, 422) })
  assert.deepEqual(wrong.signalled, [])
})
