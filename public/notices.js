// @ts-check
// Notices that modules put into the page: beside those that the page draws itself, above them, in the region that is
// read out. A page that draws none gets such a region.

const CLOSE = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/></svg>'

/** Where they stand. Leptos knows the region, not what is in this part of it. */
function place() {
  const there = document.querySelector('.notices > .beside')
  if (there) return there
  const place = document.createElement('div')
  place.className = 'beside'
  let region = document.querySelector('.notices[aria-live]')
  if (!region) {
    region = document.createElement('div')
    region.className = 'notices'
    const about = { role: 'region', 'aria-label': 'Notices', 'aria-live': 'polite' }
    for (const [name, value] of Object.entries(about)) region.setAttribute(name, value)
    document.body.append(region)
  }
  region.prepend(place)
  return place
}

/** Where the focus goes when what had it is taken away. */
const elsewhere = () => document.getElementById('new-task') ?? document.querySelector('main a')

/**
 * Takes a notice away. A focus that was in it goes where one would go on.
 * @param {Element} notice
 */
export function take(notice) {
  const focused = notice.contains(document.activeElement)
  notice.remove()
  const next = elsewhere()
  if (focused && next instanceof HTMLElement) next.focus()
}

/**
 * Puts a notice into the page. It can be dismissed by its last button, and by Escape while the focus is in it.
 * @param {Element} notice
 * @param {() => void} [dismissed]
 */
export function put(notice, dismissed) {
  const dismiss = () => {
    take(notice)
    dismissed?.()
  }
  notice.querySelector('.notice > button:last-child')?.addEventListener('click', dismiss)
  notice.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && event.key === 'Escape') dismiss()
  })
  place().append(notice)
}

/** A notice without words, but with the button that dismisses it. @param {string} kind */
export function blank(kind) {
  const notice = document.createElement('div')
  notice.className = `notice ${kind}`
  const says = document.createElement('p')
  const close = button('', 'button--icon')
  close.setAttribute('aria-label', 'Dismiss')
  close.innerHTML = CLOSE
  notice.append(says, close)
  return { notice, says, close }
}

/** @param {string} words @param {string} [kind] */
export function button(words, kind = '') {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = `button ${kind}`
  button.textContent = words
  return button
}

/**
 * Takes a notice away after a while, but not unseen, and not from under a pointer or the focus.
 * @param {Element} notice
 * @param {number} milliseconds
 * @param {() => void} [gone]
 */
export function goes(notice, milliseconds, gone) {
  const look = () => {
    if (document.hidden || notice.matches(':hover, :focus-within')) setTimeout(look, 1_000)
    else if (notice.isConnected) {
      notice.remove()
      gone?.()
    }
  }
  return setTimeout(look, milliseconds)
}
