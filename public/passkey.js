// @ts-check
// Passkeys: asks the browser what the server wants to know, and brings the server what it says. Loaded by the pages that have a
// button for one, each of which says what it is for: data-passkey is sign-in, prove, add or sign-up.

/** @typedef {{ key: string, options: any, to?: string, problem?: string }} Said */

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  let binary = ''
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte)
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** @param {string} path @param {object} body @returns {Promise<Said>} */
async function post(path, body) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const is = answer.headers.get('content-type')?.startsWith('application/json')
  if (is && answer.headers.has('tandem')) return answer.json()
  return { key: '', options: null, problem: `The server could not answer (status ${answer.status}). Please reload this page.` }
}

/** What a browser makes for these options, as the server reads it. @param {any} options */
async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map((/** @type {any} */ known) => ({ ...known, id: bytes(known.id) })),
  }
  const made = await navigator.credentials.create({ publicKey })
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse)) throw new Error('nothing was made')
  const { clientDataJSON, attestationObject } = made.response
  const response = { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports: made.response.getTransports?.() ?? [] }
  return credential(made, response)
}

/** What a passkey of the person's own choice says to these options. @param {any} options */
async function use(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) }
  const found = await navigator.credentials.get({ publicKey })
  if (!(found instanceof PublicKeyCredential) || !(found.response instanceof AuthenticatorAssertionResponse)) throw new Error('nothing was found')
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response
  const response = {
    clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
    userHandle: userHandle && text(userHandle),
  }
  return credential(found, response)
}

/** @param {PublicKeyCredential} from @param {object} response */
const credential = (from, response) => ({
  id: from.id, rawId: text(from.rawId), type: from.type, response, clientExtensionResults: {},
  ...(from.authenticatorAttachment && { authenticatorAttachment: from.authenticatorAttachment }),
})

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
  if (!('PublicKeyCredential' in window)) {
    button.disabled = true
    says.textContent = 'This browser does not support passkeys.'
    continue
  }
  button.addEventListener('click', async () => {
    says.textContent = ''
    button.disabled = true
    try {
      const asked = await post(`/passkey/${does}/begin`, { name: field('name') })
      if (asked.to) return location.assign(asked.to)
      if (asked.problem) return void (says.textContent = asked.problem)
      const isNew = does === 'add' || does === 'sign-up'
      const credential = await (isNew ? make : use)(asked.options)
      const bring = !!document.querySelector('[name="bring"]:checked')
      const done = await post(`/passkey/${does}/finish`, { key: asked.key, credential, called: field('called'), bring, next })
      if (done.to) return location.assign(done.to)
      says.textContent = done.problem ?? ''
    } catch (error) {
      says.textContent = why(error)
    } finally {
      button.disabled = false
    }
  })
}

export {}
