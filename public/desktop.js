// @ts-check
// Whether the person wants to be told on their desktop, and whether the browser lets us. The telling is the app's, by
// `app/src/company/desktop.rs`, which reads the same keys: it is silent while a page of Tandem is in sight, this one too.

import { keep, kept } from './kept.js'

/** Whether the person switched it on, in this browser. */
const WANTED = 'tandem-tell'
/** When a page was in sight last. */
const SIGHT = 'tandem-sight'
/** How often one says so, in milliseconds. */
const TICK = 5_000

/** Why nothing can be told here, in a sentence. */
export function trouble() {
  if (!isSecureContext) return 'Desktop notifications need HTTPS (or localhost). This page uses plain HTTP.'
  if (!('Notification' in globalThis)) return 'This browser has no desktop notifications.'
  if (Notification.permission === 'denied') return 'Your browser blocks notifications from Tandem. Allow them in its settings for this site, next to the address, and switch this on again.'
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
