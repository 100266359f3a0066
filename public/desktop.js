// @ts-check
// Telling the person on their desktop: whether they want it, whether the browser lets us, and the telling itself. Of
// many tabs one speaks, and none while a page of Tandem is in sight.

import { keep, kept, read } from './kept.js'

/** Whether the person switched it on, in this browser. */
const WANTED = 'tandem-tell'
/** Up to where others' doings were told. */
const TOLD = 'tandem-told'
/** When a page was in sight last. */
const SIGHT = 'tandem-sight'
/** How often one says so, and how long that is believed, in milliseconds: a browser that dies takes nothing back. */
const TICK = 5_000
const BELIEVED = 12_000

/** @typedef {{ at: number, seq: number }} Place when a row was written, and which it is */

/** Why nothing can be told here, in a sentence. */
export function trouble() {
  if (!isSecureContext) return 'Browsers tell things on the desktop only for pages over HTTPS (or on this machine). This one came over plain HTTP.'
  if (!('Notification' in globalThis)) return 'This browser does not tell things on the desktop.'
  if (Notification.permission === 'denied') return 'Your browser blocks this for Tandem. Allow notifications in its settings for this site, beside the address, and switch it on here again.'
  return ''
}

export const wanted = () => !trouble() && Notification.permission === 'granted' && kept(WANTED) === 'yes'

/** Switches it on, asking for leave where there is none yet, or off; says whether it is on. @param {boolean} on */
export async function want(on) {
  const may = on && !trouble() && (await Notification.requestPermission()) === 'granted'
  keep(WANTED, may ? 'yes' : undefined)
  return may
}

/** Says to the other tabs, as long as this page is there, whether it is in sight. */
export function attend() {
  const say = () => {
    if (!document.hidden) keep(SIGHT, String(Date.now()))
  }
  say()
  setInterval(say, TICK)
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) keep(SIGHT)
    else say()
  })
  // Another one went out of sight, and this one may still be in it.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === SIGHT && !newValue) say()
  })
}

const inSight = () => !document.hidden || Date.now() - Number(kept(SIGHT)) < BELIEVED

/** @param {Place} a @param {Place} b */
const later = (a, b) => a.at > b.at || (a.at === b.at && a.seq > b.seq)

/**
 * Of the places those that nobody was told of yet, which are told from here on: one tab after the other asks.
 * @template {Place} T
 * @param {T[]} places
 * @returns {Promise<T[]>}
 */
async function claim(places) {
  return navigator.locks.request(TOLD, () => {
    const told = read(TOLD, { at: 0, seq: 0 })
    const news = places.filter((place) => later(place, told))
    const last = news.reduce((last, place) => (later(place, last) ? place : last), /** @type {Place} */ (told))
    keep(TOLD, JSON.stringify({ at: last.at, seq: last.seq }))
    return news
  })
}

/**
 * Tells of what happened in a list, if no page is in sight and no other tab has told it.
 * @template {Place} T
 * @param {T[]} places
 * @param {string} path where a click leads
 * @param {(news: T[]) => { title: string, body: string }} words
 */
export async function tell(places, path, words) {
  if (!wanted() || inSight()) return
  const news = await claim(places)
  if (!news.length) return
  const { title, body } = words(news)
  // What is told of one list stands in one place, also if two tabs should have spoken at once.
  const options = { body, tag: path, icon: '/icon-192.png', data: path }
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker?.active) return worker.showNotification(title, options)
  const told = new Notification(title, options)
  told.onclick = () => {
    told.close()
    window.focus()
    show(path)
  }
}

/** Shows a list, as its link at the side does. @param {string} path */
export function show(path) {
  const link = document.querySelector(`.side-row[href="${CSS.escape(path)}"]`)
  if (link instanceof HTMLElement) link.click()
  else location.assign(path)
}
