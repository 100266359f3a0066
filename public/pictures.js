// @ts-check
// Pictures of people are a style that names those whom one may see. Where somebody comes, or is said once more to be called what they
// are called, it is asked for again; what was there stays until the new one is.

/** How long what follows close upon a change is waited for, in milliseconds. */
const MOMENT = 100

let asked = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer

/** Hears what the stream says. @param {string} name @param {string} data */
export function hear(name, data) {
  if (name === 'change' && /"(member_joined|member_renamed|list_joined|profile_set)"/.test(data)) timer ??= setTimeout(again, MOMENT)
}

function again() {
  timer = undefined
  const now = document.getElementById('pictures')
  if (!(now instanceof HTMLLinkElement)) return
  const next = /** @type {HTMLLinkElement} */ (now.cloneNode())
  next.href = `/pictures.css?${++asked}`
  next.addEventListener('load', () => now.remove())
  next.addEventListener('error', () => next.remove())
  now.removeAttribute('id')
  now.after(next)
}
