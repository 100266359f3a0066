// @ts-check
// What others add where the person does not see it appear: in another list than the one that is shown, or out of sight.
// Several within a moment are one notice. Where no page is in sight, it is told on the desktop, if the person wants that.
//
// The words come from the rows that every page hears anyway: they name the task, and who is who in a list is asked for
// once. The stream's `notice` would say it in words, at the price of a second event for every change and every reader.

import { attend, show, tell, wanted } from './desktop.js'
import { blank, button, goes, put } from './notices.js'

/** How long additions are gathered, in milliseconds. */
const MOMENT = 1_000
/** How long a notice is shown. */
const SHOWN = 8_000
/** How many notices there are at once. */
const MOST = 2
/** How many characters of a title are told. */
const MOST_TITLE = 60

/** @typedef {{ at: number, seq: number, actor: string, task: string, title: string }} Addition */
/** What was added to a list, of which so many are in the notice. @typedef {{ additions: Addition[], told: number, notice?: HTMLElement, timer?: ReturnType<typeof setTimeout> }} Gathered */

let me = ''
let live = false
/** @type {Map<string, Gathered>} */
const lists = new Map()
/** The names of people, by list. @type {Map<string, Promise<Record<string, { name: string }>>>} */
const people = new Map()

/** @param {string} person */
export function begin(person) {
  me = person
  attend()
  // The worker says which list somebody wants to see who clicked what was told.
  navigator.serviceWorker?.addEventListener('message', ({ data }) => data?.show && show(data.show))
}

/** @param {string} name @param {string} data */
export function hear(name, data) {
  // What a page catches up with is told otherwise: see away.js.
  if (name === 'link') live = data.startsWith('up')
  else if (name === 'change' && data.includes('"member_')) people.delete(JSON.parse(data).topic.list)
  else if (name === 'change' && live && data.includes('"task_added"')) added(JSON.parse(data))
}

/** @param {{ topic: { list?: string }, actor: string, client?: string, at: number, seq: number, changes: { task_added?: { task: { id: string, title: string } } }[] }} row */
function added({ topic: { list }, actor, client, at, seq, changes }) {
  if (!list || actor === me || !client) return
  const gathered = lists.get(list) ?? { additions: [], told: 0 }
  lists.set(list, gathered)
  for (const { task_added: added } of changes) {
    if (added) gathered.additions.push({ at, seq, actor, task: added.task.id, title: added.task.title })
  }
  gathered.timer ??= setTimeout(() => say(list, gathered), MOMENT)
}

/** @param {string} list @param {Gathered} gathered */
async function say(list, gathered) {
  gathered.timer = undefined
  const { additions } = gathered
  if (document.hidden) {
    lists.delete(list)
    if (!wanted()) return
    const names = await namesIn(list, additions)
    return tell(additions, `/lists/${list}`, (news) => ({ title: nameOf(list), body: words(names, news) }))
  }
  const row = isShown(list) ? unseen(additions) : undefined
  if (row === null) return void lists.delete(list)
  toast(list, gathered, row, words(await namesIn(list, additions), additions))
}

/** @param {string} list */
const link = (list) => document.querySelector(`.side-row[href="/lists/${CSS.escape(list)}"]`)

/** @param {string} list */
const nameOf = (list) => link(list)?.querySelector('.side-name')?.textContent ?? 'a list'

/** @param {string} list */
const isShown = (list) => link(list)?.getAttribute('aria-current') === 'page'

/** The first row of these if none of them is in sight; null if one is. @param {Addition[]} additions */
function unseen(additions) {
  const rows = additions.map(({ task }) => document.getElementById(`row-${task}`)).filter((row) => row !== null)
  const inSight = rows.some((row) => {
    const { top, bottom } = row.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  })
  return inSight ? null : (rows[0] ?? null)
}

/** Who is who there; asked again where somebody is not known. @param {string} list @param {Addition[]} additions */
async function namesIn(list, additions) {
  const ask = () => fetch(`/lists/${list}/people`).then((answer) => (answer.ok ? answer.json() : {}), () => ({}))
  const known = (await people.get(list)) ?? {}
  if (additions.every(({ actor }) => known[actor])) return known
  const asked = ask()
  people.set(list, asked)
  return asked
}

/** @param {Record<string, { name: string }>} names @param {Addition[]} additions */
function words(names, additions) {
  const who = [...new Set(additions.map(({ actor }) => names[actor]?.name ?? 'Somebody'))]
  const [first = '', second] = who
  const by = who.length > 2 ? `${first} and ${who.length - 1} others` : second ? `${first} and ${second}` : first
  const what = additions.length === 1 ? `“${short(additions[0]?.title ?? '')}”` : `${additions.length} tasks`
  return `${by} added ${what}`
}

/** @param {string} title */
function short(title) {
  const letters = [...title]
  return letters.length > MOST_TITLE ? `${letters.slice(0, MOST_TITLE - 1).join('').trimEnd()}…` : title
}

/** @param {string} list @param {Gathered} gathered @param {HTMLElement | undefined} row @param {string} words */
function toast(list, gathered, row, words) {
  gathered.told = gathered.additions.length
  const notice = (gathered.notice ??= beginToast(list, gathered, row))
  const says = notice.querySelector('p')
  if (says) says.textContent = row ? `${words}, out of sight.` : `${words} to ${nameOf(list)}.`
}

/** @param {string} list @param {Gathered} gathered @param {HTMLElement | undefined} row */
function beginToast(list, gathered, row) {
  const end = () => {
    gathered.notice = undefined
    gathered.additions.splice(0, gathered.told)
    if (!gathered.additions.length) lists.delete(list)
  }
  const { notice, close } = blank('toast')
  const look = button('Show')
  look.addEventListener('click', () => {
    close.click()
    if (row) reveal(row)
    else show(`/lists/${list}`)
  })
  notice.insertBefore(look, close)
  // The page itself says aloud what happens in the list that is shown.
  if (row) notice.ariaLive = 'off'
  const older = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.toast > button:last-child'))
  for (const close of [...older].slice(0, 1 - MOST)) close.click()
  put(notice, end)
  goes(notice, SHOWN, end)
  return notice
}

/** @param {HTMLElement} row */
function reveal(row) {
  row.scrollIntoView({ block: 'center' })
  const title = row.querySelector('.task-title')
  if (title instanceof HTMLElement) title.focus({ preventScroll: true })
}
