// @ts-check
// Who is asked into a list is told so on every page of theirs, and says there whether they come. The stream says all that they
// are asked to whenever that changes, also to a page that was just loaded.

import { blank, button, goes, put, take } from './notices.js'

/** @typedef {{ list: string, name: string, role: string, by: string }} Invited */

const ROLES = /** @type {Record<string, string>} */ ({ viewer: 'look at it', editor: 'work on it', owner: 'own it, too' })

/** How long it is said that one has come, in milliseconds. */
const SHOWN = 10_000

/** Those that are shown, or were dismissed here, each by all that it says. @type {Map<string, HTMLElement>} */
const known = new Map()

/** Those that are being answered: what the stream says of them may be here sooner than the answer. @type {Set<string>} */
const answering = new Set()

/** Hears what the stream says. @param {string} name @param {string} data */
export function hear(name, data) {
  if (name !== 'invited') return
  /** @type {Map<string, Invited>} */
  const all = new Map(JSON.parse(data).invitations.map((/** @type {Invited} */ one) => [JSON.stringify(one), one]))
  for (const [text, notice] of known) {
    if (all.has(text) || answering.has(text)) continue
    known.delete(text)
    if (notice.isConnected) take(notice)
  }
  for (const [text, one] of all) if (!known.has(text)) show(text, one)
}

/** @param {string} text @param {Invited} invited */
function show(text, { list, name, role, by }) {
  const { notice, says, close } = blank('invited')
  says.textContent = `${by} asks you into “${name}”, to ${ROLES[role] ?? 'join'}.`
  const buttons = document.createElement('div')
  buttons.className = 'buttons'
  const accept = button('Join the list', 'button--primary')
  const decline = button('No, thanks')
  buttons.append(accept, decline)
  notice.insertBefore(buttons, close)
  known.set(text, notice)
  put(notice)
  accept.addEventListener('click', async () => {
    answering.add(text)
    const done = await reply(notice, says, `${list}/accept`)
    answering.delete(text)
    if (!done) return
    known.delete(text) // What follows on the stream does not take it away.
    says.textContent = `You are in “${name}” now.`
    const open = Object.assign(document.createElement('a'), { className: 'button', href: `/lists/${list}`, textContent: 'Open it' })
    buttons.replaceWith(open)
    open.focus()
    goes(notice, SHOWN)
  })
  decline.addEventListener('click', () => reply(notice, says, `${list}/decline`))
}

/** @param {HTMLElement} notice @param {HTMLElement} says @param {string} answer */
async function reply(notice, says, answer) {
  const all = notice.querySelectorAll('button')
  for (const one of all) one.disabled = true
  const response = await fetch(`/me/invitations/${answer}`, { method: 'POST', redirect: 'manual' }).catch(() => null)
  for (const one of all) one.disabled = false
  const done = response?.type === 'opaqueredirect'
  if (!done) says.textContent = response ? 'This invitation is not there any more.' : 'That did not get through. Please try again.'
  return done
}
