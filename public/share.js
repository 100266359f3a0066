// @ts-check
// Lets the page of who is in a list follow what happens: it hears the stream as every page does, and where somebody comes, goes
// or may do something else it asks the server for itself once more and puts what is new in place of what was. What is
// open stays open, what has the focus keeps it, and a link that was just made stays as long as the page does.

/** @typedef {{ person: string, role: string, profile: { name: string } }} Joined */
/** @typedef {{ member_joined?: Joined, member_left?: { person: string }, member_renamed?: object, list_joined?: { list: string }, list_left?: { list: string }, profile_set?: object }} Change */
/** @typedef {{ topic: { list?: string, person?: string }, actor: string, changes: Change[] }} Row */

import { attend } from './desktop.js'

/** How long what follows close upon a change is waited for, in milliseconds. */
const MOMENT = 60

const ROLES = /** @type {Record<string, string>} */ ({ viewer: 'a viewer', editor: 'an editor', owner: 'an owner' })

const share = document.getElementById('share')
const stream = document.getElementById('stream')
const { list = '', person: me = '', cursor = '' } = share?.dataset ?? {}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pictures
/** How often they were asked for. */
let turn = 0
/** Who is in the list and what they may do, as far as the page has shown it. @type {Set<string>} */
let known = new Set()

/** @param {string} name @param {string} data */
function hear(name, data) {
  if (name === 'reset' || (name === 'gone' && JSON.parse(data).list === list)) refresh()
  if (name !== 'change') return
  /** @type {Row} */
  const { topic, actor, changes } = JSON.parse(data)
  const isOurs = topic.list === list && changes.some((change) => change.member_joined ?? change.member_left ?? change.member_renamed)
  const isMine = topic.person === me && changes.some((change) => (change.list_joined ?? change.list_left)?.list === list)
  if (isOurs || isMine) refresh()
  if (changes.some((change) => change.member_joined ?? change.member_renamed ?? change.list_joined ?? change.profile_set)) showPictures()
  for (const { member_joined: joined } of isOurs && actor !== me ? changes : []) if (joined) tell(joined, actor)
}

/** Says who came, and what one may do oneself from here on. @param {Joined} joined @param {string} actor */
function tell({ person, role, profile }, actor) {
  const by = isolated(share?.querySelector(`[data-person="${CSS.escape(actor)}"] bdi`)?.textContent ?? 'Somebody')
  if (person === me) say(`${by} made you ${ROLES[role]}.`)
  else if (!known.has(person)) say(`${isolated(profile.name)} joined.`)
}

/** A name in a sentence, as `domain/src/text/isolated.rs` has it: one that runs from right to left does not turn the rest. @param {string} name */
const isolated = (name) => (/[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(name) ? `\u2068${name}\u2069` : name)

/** @param {string} sentence */
function say(sentence) {
  const said = share?.querySelector('.share-said')
  if (said) said.textContent = sentence
}

function refresh() {
  timer ??= setTimeout(async () => {
    timer = undefined
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page.getElementById('share')
      if (!answer.headers.has('tandem')) return // Something in front says that, and nothing of the list.
      if (answer.ok && fresh) put(fresh)
      else if (answer.status === 404) leave()
    } catch {
      // The stream is away as well, and what it says when it is back asks again.
    }
  }, MOMENT)
}

/** Pictures of people are a style that names those whom one may see. What was there stays until the new one is. */
function showPictures() {
  pictures ??= setTimeout(() => {
    pictures = undefined
    const now = document.getElementById('pictures')
    if (!(now instanceof HTMLLinkElement)) return
    const next = /** @type {HTMLLinkElement} */ (now.cloneNode())
    next.href = `/pictures.css?${++turn}`
    next.addEventListener('load', () => now.remove())
    next.addEventListener('error', () => next.remove())
    now.removeAttribute('id')
    now.after(next)
  }, MOMENT)
}

/** @param {HTMLElement} fresh */
function put(fresh) {
  if (!share) return
  const active = document.activeElement
  const at = active && share.contains(active) ? { keep: keeper(active), words: active.textContent } : undefined
  const open = [...share.querySelectorAll('details[open]')].map(keeper)
  // What somebody is choosing, or has just been given, and what was said last.
  for (const part of ['.invite', '.ask', '.share-said']) {
    const mine = share.querySelector(part)
    if (mine) fresh.querySelector(part)?.replaceWith(mine)
  }
  share.replaceChildren(...fresh.childNodes)
  for (const details of share.querySelectorAll('details')) if (keeper(details) && open.includes(keeper(details))) details.open = true
  if (at && active instanceof HTMLElement) {
    const again = [...share.querySelectorAll('summary, button')].find((one) => keeper(one) === at.keep && one.textContent === at.words)
    const next = active.isConnected ? active : (again ?? share.querySelector(`[data-keep="${CSS.escape(at.keep)}"] > summary`))
    if (next instanceof HTMLElement) next.focus({ preventScroll: true })
  }
  look()
}

/** What the thing is about that this is in. @param {Element} one */
const keeper = (one) => one.closest('[data-keep]')?.getAttribute('data-keep') ?? ''

/** The list is the person's no more: nothing that is here would do anything. */
function leave() {
  for (const one of document.querySelectorAll('#share > :not(.share-said), .share-rest')) one.remove()
  say('You are no longer on this list.')
}

function look() {
  known = new Set([...(share?.querySelectorAll('[data-person]') ?? [])].map((one) => one.getAttribute('data-person') ?? ''))
}

if (share && stream instanceof HTMLLinkElement) {
  look()
  attend()
  /** @type {typeof import('./stream.js') | undefined} */
  const live = await import(stream.href).catch(() => undefined)
  if (live) new live.Tab(cursor, me, '', hear)
  else if (navigator.onLine) say('Part of this page could not be loaded, so it does not follow what others do. Load it again to see what they did.')
}
