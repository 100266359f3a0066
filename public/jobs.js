// @ts-check
// How an export stands that was begun on the page about oneself, which has no stream: a bar until the person has seen what
// came of it. The list shows the same by itself, see app/src/company/jobs.rs.

import './keys.js'
import { keep, list } from './kept.js'

/** @typedef {{ job: string, state: 'running' | 'done' | 'failed', done: number, total: number, sentence: string, result?: string }} Progress */

/** Which jobs the person has dismissed, in any tab and on any page. */
const SEEN = 'tandem-jobs'
const MOST_SEEN = 32

/** How often a job that is under way is asked for, and one that the server could not be asked for, in milliseconds. */
const OFTEN = 1_000
const LATER = 5_000
/** How often it is looked whether what came of it is still there to be had. */
const SELDOM = 60_000

const CLOSE = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/></svg>'

/** @typedef {{ notice: HTMLElement, says: HTMLElement, close: HTMLButtonElement, state: string, timer?: ReturnType<typeof setTimeout> }} Bar */
/** @type {Map<string, Bar>} */
const bars = new Map()

/** @returns {string[]} */
const seen = () => list(SEEN)

addEventListener('storage', ({ key }) => {
  if (key === SEEN) seen().forEach(leave)
})

/** Shows it no more. A focus that was in it goes where one would go on. @param {string} job */
function leave(job) {
  const bar = bars.get(job)
  if (!bar) return
  clearTimeout(bar.timer)
  bars.delete(job)
  const focused = bar.notice.contains(document.activeElement)
  bar.notice.remove()
  const next = document.querySelector('main a')
  if (focused && next instanceof HTMLElement) next.focus()
}

/** Nobody wants to see it any more, here or elsewhere. @param {string} job */
function dismiss(job) {
  keep(SEEN, JSON.stringify([...seen(), job].slice(-MOST_SEEN)))
  leave(job)
  fetch('/fn/forget_job', { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ job }) }).catch(() => {})
}

/** Asks for a job, again and again. @param {string} job */
export async function follow(job) {
  const said = await fetch(`/jobs/${job}`, { cache: 'no-store', headers: { accept: 'application/json' } }).catch(() => null)
  const answer = said?.headers.has('tandem') ? said : null // What is in front of the server knows nothing of it.
  const bar = bars.get(job)
  if (answer?.ok) {
    show(await answer.json())
  } else if (answer?.status === 404) {
    // A job does not outlive the server that runs it, and what it made is kept for a few minutes.
    const sentence = 'The server restarted before this was finished. What is done stays done. Please try again for the rest.'
    if (bar?.state === 'running') show({ job, state: 'failed', done: 0, total: 0, sentence })
    else leave(job)
  } else if (bar) {
    bar.timer = setTimeout(() => follow(job), LATER)
  }
}

/** @param {Progress} progress */
function show({ job, state, done, total, sentence, result }) {
  if (seen().includes(job)) return
  const bar = bars.get(job) ?? begin(job)
  const { notice, says, close } = bar
  const running = state === 'running'
  bar.state = state
  if (says.textContent !== sentence) says.textContent = sentence
  notice.dataset.kind = state === 'failed' ? 'problem' : 'job'
  close.hidden = running
  const meter = notice.querySelector('progress')
  if (running) {
    const of = meter ?? notice.insertBefore(document.createElement('progress'), close)
    of.setAttribute('aria-label', sentence)
    of.max = total || 1
    // How much there is to do is not known at first.
    if (total) of.value = done
  } else {
    meter?.remove()
  }
  if (result && !notice.querySelector('a')) {
    const link = Object.assign(document.createElement('a'), { className: 'button', href: result, download: 'tandem.json', textContent: 'Download' })
    notice.insertBefore(link, close)
  }
  clearTimeout(bar.timer)
  if (running || result) bar.timer = setTimeout(() => follow(job), running ? OFTEN : SELDOM)
}

/** @param {string} job @returns {Bar} */
function begin(job) {
  const notice = Object.assign(document.createElement('div'), { className: 'notice job' })
  const says = document.createElement('p')
  const close = Object.assign(document.createElement('button'), { type: /** @type {const} */ ('button'), className: 'button button--icon', innerHTML: CLOSE })
  close.setAttribute('aria-label', 'Dismiss')
  close.addEventListener('click', () => dismiss(job))
  notice.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') dismiss(job)
  })
  notice.append(says, close)
  region().append(notice)
  const bar = { notice, says, close, state: '' }
  bars.set(job, bar)
  return bar
}

/** Where notices stand, and are read out. */
function region() {
  const there = document.querySelector('.notices[aria-live]')
  if (there) return there
  const region = Object.assign(document.createElement('div'), { className: 'notices', role: 'region', ariaLabel: 'Notices', ariaLive: 'polite' })
  document.body.append(region)
  return region
}
