// @ts-check
// "While you were away": the browser remembers of each list up to where, and when, it was last looked at. Who comes back
// after a while is told what others did since, and the rows that they changed carry a mark until they were seen.

import { keep, read } from './kept.js'
import { put } from './notices.js'

/** Where that is remembered: in this browser, for all tabs. Another device has its own eyes. */
const KEY = 'tandem-seen'

/**
 * How long one must have been away to be told. Who looks elsewhere for a moment still knows the list, and what happens
 * meanwhile is signed on its row; after five minutes one has to read it anew.
 */
const GAP = 5 * 60_000

/** How often it is written down that the list is being looked at: a browser that dies knows it so well. */
const TICK = 5_000

/** How long a stream takes at the most to come back after a sleep. */
const WAKING = 15_000

/** How long a marked row must be in sight to count as seen. */
const GLANCE = 3_000

/** How much of it must be. */
const IN_SIGHT = 0.6

/**
 * What there is to tell of an absence, until it is told and seen: since where and when, whether the panel was dismissed,
 * and which of the marked tasks were seen. It is kept, so that a reload does not lose it.
 * @typedef {{ at: string, time: number, closed: boolean, seen: string[] }} Absence
 * @typedef {{ at: string, time: number, away?: Absence }} Seen
 * @typedef {{ person: string, lists: Record<string, Seen> }} Memory
 */

let person = ''
let where = () => ''
let link = ''
let live = false
/** When it was last asked what is looked at. */
let looked = Date.now()
/** The list that is being looked at. */
let here = ''
/** The list that the panel and the marks are about. */
let told = ''
/** @type {Element | undefined} */
let panel
/** The tasks whose rows are marked. @type {Set<string>} */
const marked = new Set()
/** The rows that are watched, and those of them that are in sight now. @type {Set<Element>} */
const watched = new Set()
/** @type {Map<Element, ReturnType<typeof setTimeout>>} */
const glances = new Map()
const sight = new IntersectionObserver((entries) => entries.forEach(inSight), { threshold: IN_SIGHT })
const drawn = new MutationObserver(() => marked.forEach(mark))

/**
 * @param {string} whose
 * @param {() => string} at where in the stream the page stands
 */
export function begin(whose, at) {
  person = whose
  where = at
  const shows = document.getElementById('open')
  if (shows) new MutationObserver(look).observe(shows, { attributeFilter: ['action'] })
  document.addEventListener('visibilitychange', look)
  addEventListener('pagehide', look)
  addEventListener('pointerdown', touched)
  addEventListener('focusin', touched)
  setInterval(look, TICK)
}

/** Hears how live the page is. @param {string} name @param {string} data */
export function hear(name, data) {
  if (name !== 'link') return
  link = data
  // With a third word, how much waits, the page is paused: what is new is not there to be seen.
  live = /^up \d+ $/.test(data)
  look()
}

/** The list that is shown, by the form that each of its rows belongs to. */
const shown = () => /^\/lists\/([^/]+)\//.exec(document.getElementById('open')?.getAttribute('action') ?? '')?.[1] ?? ''

/** What is looked at now? */
function look() {
  const slept = Date.now() - looked >= GAP
  looked = Date.now()
  if (here && slept) {
    // Nobody looked, the computer slept. What is new comes when the stream is there again, which it says.
    live = false
    setTimeout(() => hear('link', link), WAKING)
  }
  const list = live && !document.hidden ? shown() : ''
  if (list === here) {
    if (list) remember(list)
    return
  }
  // What was shown until now was seen.
  if (here && !slept) remember(here)
  here = list
  sight.disconnect()
  watched.clear()
  glances.forEach(clearTimeout)
  glances.clear()
  if (list) arrive(list)
}

/** @returns {Memory} */
function memory() {
  const nothing = { person, lists: {} }
  const kept = read(KEY, nothing)
  return kept.person === person ? kept : nothing
}

/** Remembers of a list that it is seen up to here. @param {string} list @param {(seen: Seen) => void} [also] */
function remember(list, also) {
  const kept = memory()
  const seen = { ...kept.lists[list], at: where(), time: Date.now() }
  also?.(seen)
  kept.lists[list] = seen
  keep(KEY, JSON.stringify(kept))
}

/** Somebody looks at that list. @param {string} list */
function arrive(list) {
  if (told !== list) forget()
  told = list
  const { at, time, away } = memory().lists[list] ?? {}
  const gap = at && time && at !== where() && Date.now() - time >= GAP
  // Two absences with something unseen between them are one.
  const absence = gap ? { at: away?.at ?? at, time: away?.time ?? time, closed: false, seen: away?.seen ?? [] } : away
  remember(list, (seen) => (seen.away = absence))
  if (absence && (gap || (!panel && !marked.size))) ask(list, absence)
  marked.forEach(mark)
}

/** What was shown of another list's absence goes. */
function forget() {
  panel?.remove()
  panel = undefined
  for (const task of [...marked]) unmark(task)
}

/** @param {string} list @param {Absence} absence */
async function ask(list, absence) {
  const address = `/lists/${list}/catch-up?since=${encodeURIComponent(absence.at)}`
  const answer = await fetch(address, { cache: 'no-store' }).catch(() => null)
  if (!answer || answer.status > 499) return // The next look at the list asks again.
  const html = answer.status === 200 ? await answer.text() : ''
  if (told !== list) return
  forget()
  const drawing = document.createElement('template')
  drawing.innerHTML = html // The server drew it, and escaped what people typed.
  const next = drawing.content.firstElementChild
  if (!(next instanceof HTMLElement)) return remember(list, (seen) => delete seen.away)
  for (const task of next.dataset.tasks?.split(' ') ?? []) if (task && !absence.seen.includes(task)) marked.add(task)
  marked.forEach(mark)
  const main = document.getElementById('main')
  if (main) drawn.observe(main, { childList: true, subtree: true })
  if (absence.closed) return over()
  since(next.querySelector('time'), absence.time)
  panel = next
  put(next, () => {
    panel = undefined
    // What is folded away is not going to be seen.
    for (const task of [...marked]) if (!row(task)?.getClientRects().length) unmark(task)
    change((absence) => (absence.closed = true))
  })
}

/** @param {HTMLTimeElement | null} place @param {number} time */
function since(place, time) {
  if (!place) return
  const then = new Date(time)
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / 86_400_000)
  /** @type {Intl.DateTimeFormatOptions} */
  const day = days === 0 ? {} : days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'long' }
  place.dateTime = then.toISOString()
  place.textContent = ` · since ${then.toLocaleString(undefined, { hour: 'numeric', minute: '2-digit', ...day })}`
  place.hidden = false
}

/** Changes what is kept of the absence. @param {(absence: Absence) => void} how */
function change(how) {
  remember(told, ({ away }) => away && how(away))
  over()
}

/** Once all is told and seen, it is done with. */
function over() {
  if (marked.size || panel) return
  drawn.disconnect()
  remember(told, (seen) => delete seen.away)
}

/** @param {string} task */
const row = (task) => document.getElementById(`row-${task}`)

/** Marks the row of a task, which may have been drawn anew. @param {string} task */
function mark(task) {
  const there = row(task)
  if (!there) return
  if (there.dataset.away !== 'unseen') {
    there.dataset.away = 'unseen'
    // Whoever does not see the mark hears it.
    there.querySelector('.task-title')?.setAttribute('aria-description', 'changed while you were away')
  }
  if (here && !watched.has(there)) {
    watched.add(there)
    sight.observe(there)
  }
}

/** @param {string} task */
function unmark(task) {
  marked.delete(task)
  const there = row(task)
  if (!there) return
  there.dataset.away = 'seen' // It fades.
  there.querySelector('.task-title')?.removeAttribute('aria-description')
  sight.unobserve(there)
  watched.delete(there)
  clearTimeout(glances.get(there))
  glances.delete(there)
}

/** @param {Element} row */
function see({ id }) {
  const task = id.replace('row-', '')
  if (!marked.has(task)) return
  unmark(task)
  change((absence) => absence.seen.push(task))
}

/** @param {IntersectionObserverEntry} entry */
function inSight({ target, isIntersecting }) {
  clearTimeout(glances.get(target))
  glances.delete(target)
  if (isIntersecting && here) glances.set(target, setTimeout(() => see(target), GLANCE))
}

/** Who touches a row has seen it. @param {Event} event */
function touched({ target }) {
  const row = target instanceof Element && target.closest('[data-away="unseen"]')
  if (row) see(row)
}
