// @ts-check
// Passkeys: asks the browser what the server wants to know, and brings the server what it says. Loaded by the pages that have a
// button for one, each of which says what it is for: data-passkey is sign-in, prove, add or sign-up.

/** @typedef {{ key: string, options: any, to?: string, problem?: string, unknown?: boolean, status?: number }} Said */

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

/**
 * Bytes as the server reads them. A password manager gives its own kind: a buffer of another world, a view of one, text.
 * @param {any} value
 */
function text(value) {
  let binary = ''
  if (value === null || value === undefined) throw new Error('a part is missing')
  if (typeof value === 'string') return value.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const view = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value)
  for (const byte of view) binary += String.fromCharCode(byte)
  return text(btoa(binary))
}

/** @param {string} path @param {object} body @returns {Promise<Said>} */
async function post(path, body) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const is = answer.headers.get('content-type')?.startsWith('application/json')
  if (is && answer.headers.has('tandem')) return { ...(await answer.json()), status: answer.status }
  return { key: '', options: null, problem: `The server could not answer (status ${answer.status}). Please reload this page.` }
}

/** The names of the ways to a device that the server knows. */
const WAYS = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/** What somebody's own method says, where there is one and it works. @template T @param {() => T} ask */
function attempt(ask) {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/** Asks the browser to make a passkey for these options. @param {any} options */
function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map((/** @type {any} */ known) => ({ ...known, id: bytes(known.id) })),
  }
  return navigator.credentials.create({ publicKey })
}

/** Asks for a passkey of the person's own choice. @param {any} options */
const use = (options) => navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge) } })

/**
 * What came, as the server reads it. Password managers give plain objects, with or without the methods of the real ones, so only
 * their fields count.
 * @param {any} from
 * @param {boolean} isNew
 */
function credential(from, isNew) {
  const json = attempt(() => from.toJSON())
  /** @param {string} name */
  const part = (name) => from.response?.[name] ?? json?.response?.[name]
  /** @type {Record<string, any>} */
  const response = {}
  const wanted = isNew ? ['clientDataJSON', 'attestationObject'] : ['clientDataJSON', 'authenticatorData', 'signature']
  for (const name of wanted) response[name] = text(part(name))
  if (isNew) {
    const ways = attempt(() => from.response.getTransports()) ?? json?.response?.transports ?? []
    response.transports = WAYS.filter((way) => ways.includes(way))
  } else {
    const handle = part('userHandle')
    response.userHandle = handle ? text(handle) : null
  }
  const rawId = text(from.rawId ?? from.id ?? json?.id)
  const attachment = from.authenticatorAttachment ?? json?.authenticatorAttachment
  return {
    id: rawId, rawId, type: 'public-key', response, clientExtensionResults: {},
    ...(['platform', 'cross-platform'].includes(attachment) && { authenticatorAttachment: attachment }),
  }
}

/** Tells what keeps passkeys something about them, where it listens. @param {string} what @param {object} details */
function signal(what, details) {
  const known = /** @type {any} */ (globalThis).PublicKeyCredential
  if (typeof known?.[what] === 'function') attempt(() => known[what](details)?.catch?.(() => {}))
}

/** What to do about one that was made and is not known here. */
const KEPT = 'Your device may have kept the passkey all the same. It does not work here: delete it there, where your passwords are managed.'

/** And where nobody can say whether it is known. */
const PERHAPS = 'Your device may have kept the passkey. If it is not listed under “Passkeys” on your profile page, delete it where your passwords are managed.'

/** Why a browser did not, in words. @param {unknown} error */
function why(error) {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError') return 'This was cancelled or took too long. Nothing was changed.'
  if (name === 'InvalidStateError') return 'This device already has a passkey for your account.'
  if (name === 'NotSupportedError' || name === 'ConstraintError') return 'This device cannot store a passkey that checks who you are.'
  if (name === 'TypeError') return 'The server cannot be reached. Please try again.'
  return 'Your browser could not do this. Please try again.'
}

/** The value of a field of the page. @param {string} id */
const field = (id) => (/** @type {HTMLInputElement | null} */ (document.getElementById(id)))?.value ?? ''

for (const part of document.querySelectorAll('[data-passkey]')) {
  if (!(part instanceof HTMLElement)) continue
  const { passkey: does = '', next = '' } = part.dataset
  const button = part.querySelector('button')
  const says = part.querySelector('[role="alert"]')
  if (!button || !says) continue
  // The line below says why there is no button, until this runs.
  part.hidden = false
  part.nextElementSibling?.toggleAttribute('hidden', true)
  if (typeof navigator.credentials?.get !== 'function') {
    button.disabled = true
    says.textContent = 'This browser does not support passkeys.'
    continue
  }
  button.addEventListener('click', async () => {
    says.textContent = ''
    button.disabled = true
    // Whether a device has made one: from then on a failure leaves something there.
    let made = false
    try {
      const asked = await post(`/passkey/${does}/begin`, { name: field('name') })
      if (asked.to) return location.assign(asked.to)
      if (asked.problem) return void (says.textContent = asked.problem)
      const isNew = does === 'add' || does === 'sign-up'
      const from = await (isNew ? make : use)(asked.options)
      if (!from) throw new Error('nothing was made')
      made = isNew
      const given = credential(from, isNew)
      const bring = !!document.querySelector('[name="bring"]:checked')
      const done = await post(`/passkey/${does}/finish`, { key: asked.key, credential: given, called: field('called'), bring, next })
      if (done.to) return location.assign(done.to)
      const isRefused = made && (done.status ?? 0) >= 400 && (done.status ?? 0) < 500
      if (isRefused || done.unknown) signal('signalUnknownCredential', { rpId: asked.options.rp?.id ?? asked.options.rpId, credentialId: given.id })
      says.textContent = [done.problem, made && (isRefused ? KEPT : PERHAPS)].filter(Boolean).join(' ')
    } catch (error) {
      says.textContent = [why(error), made && PERHAPS].filter(Boolean).join(' ')
    } finally {
      button.disabled = false
    }
  })
}

// Which passkeys the server knows of: what a device has beside them opens nothing, and may go.
const list = document.querySelector('[data-accepted]')
if (list instanceof HTMLElement) attempt(() => signal('signalAllAcceptedCredentials', JSON.parse(list.dataset.accepted ?? '{}')))

export {}
