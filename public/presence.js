// @ts-check
// Who else has the list open, on which row, and whether they type there; and the same said of this page.
//
// A page says so when it comes, and again every few seconds as long as somebody else is there: to an empty room nobody
// speaks. Hidden or closed, it says that it is gone. Which list is shown and who is in it, it reads off the page.

/** @typedef {{ person: string, task?: string, typing?: boolean }} Present */

/** How often a page says that it is there, in milliseconds. The server forgets it after three times that. */
const AGAIN = 5_000

/** How long after a key somebody counts as typing, in milliseconds. */
const TYPING = 3_000

/** What the mark of a member says after their name. */
const HERE = ', here now'

let me = ''
let client = ''
/** What was last heard of each list. @type {Map<string, Present[]>} */
const heard = new Map()
/** The list in which the page last said that it is, if any, and all that it said. */
let there = ''
let said = ''
/** When a key was last pressed in a field. */
let typed = -Infinity
let link = ''
/** The rows that somebody is on. @type {Set<HTMLElement>} */
let marked = new Set()

/**
 * Begins to say where the page is.
 * @param {string} person whose page it is
 * @param {string} id the page's own
 */
export function begin(person, id) {
  me = person
  client = id
  for (const name of ['focusin', 'focusout', 'input', 'visibilitychange', 'pageshow', 'pagehide']) {
    addEventListener(name, () => {
      if (name === 'input') typed = performance.now()
      if (name === 'pagehide') leave()
      else say()
    })
  }
  setInterval(() => say(true), AGAIN)
  // Another list is shown, or a row was drawn anew.
  const onDrawn = () => {
    draw()
    say()
  }
  new MutationObserver(onDrawn).observe(document.getElementById('main') ?? document.body, { childList: true, subtree: true })
}

/** @param {string} name @param {string} data */
export function hear(name, data) {
  if (name === 'presence') {
    const { list, people } = JSON.parse(data)
    const alone = !others().length
    heard.set(list, people)
    draw()
    say(alone) // Whoever came knows nothing of this page yet.
  } else if (name === 'hello') {
    // A stream that opens says anew how things are, and may be heard by a server that knows nothing of this page.
    heard.clear()
    there = said = ''
    draw()
  } else if (name === 'link') {
    const [how, , waiting] = data.split(' ')
    const now = `${how} ${!waiting}`
    if (now !== link && (how === 'up' || waiting)) say(true)
    link = now
  }
}

/** The marks of the members, where the list that is shown has more than one. @returns {HTMLElement | null} */
const members = () => document.querySelector('.members')

const others = () => (heard.get(members()?.dataset.list ?? '') ?? []).filter(({ person }) => person !== me)

/** Says where the page is, if that is news to anyone; or `again`. @param {boolean} [again] */
function say(again) {
  // In a list without other members nobody else could be there.
  const list = (document.visibilityState === 'visible' && members()?.dataset.list) || ''
  const comes = list !== there
  if (comes) leave()
  if (!list) return
  const task = document.activeElement?.closest('[id^=row-]')?.id.slice('row-'.length)
  const typing = performance.now() - typed < TYPING || undefined
  const is = JSON.stringify({ client, list, task, typing })
  if (comes || ((again || is !== said) && others().length)) {
    there = list
    said = is
    navigator.sendBeacon('/presence', is)
  }
}

function leave() {
  if (there) navigator.sendBeacon('/presence', JSON.stringify({ client, list: there, gone: true }))
  there = said = ''
}

/** Shows who else is there. */
function draw() {
  const people = others()
  /** @type {Map<string | undefined, { name: string, colour?: string }>} */
  const who = new Map()
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (members()?.querySelectorAll('[data-person]') ?? [])) {
    const { person, colour } = mark.dataset
    const was = mark.hasAttribute('data-here')
    const name = was ? mark.title.slice(0, -HERE.length) : mark.title
    who.set(person, { name, colour })
    const is = people.some((present) => present.person === person)
    if (is !== was) {
      mark.toggleAttribute('data-here', is)
      mark.title = is ? name + HERE : name
      mark.setAttribute('aria-label', mark.title)
    }
  }
  const rows = new Set()
  let typing = ''
  for (const present of people) {
    const { name = '', colour = '' } = who.get(present.person) ?? {}
    const words = present.typing ? `${name} is typing…` : name
    const row = present.task && document.getElementById(`row-${present.task}`)
    if (row && name) {
      sign(row, words, colour)
      rows.add(row)
    } else if (!present.task && present.typing) {
      typing ||= words // Into the field for a new task.
    }
  }
  for (const row of marked) if (!rows.has(row)) unsign(row)
  marked = rows
  const line = document.querySelector('.typing')
  if (line && line.textContent !== typing) line.textContent = typing
}

/** Puts somebody's name on a row. @param {HTMLElement} row @param {string} words @param {string} colour */
function sign(row, words, colour) {
  let name = /** @type {HTMLElement | null} */ (row.querySelector('.task-here'))
  if (!name) {
    name = document.createElement('span')
    name.className = 'task-here'
    name.ariaHidden = 'true'
    row.append(name)
  }
  name.dataset.colour = colour
  if (name.textContent !== words) name.textContent = words
  row.dataset.here = ''
  row.style.setProperty('--person', `var(--person-${colour})`)
}

/** @param {HTMLElement} row */
function unsign(row) {
  row.querySelector('.task-here')?.remove()
  delete row.dataset.here
  row.style.removeProperty('--person')
}
