// @ts-check
// How jobs stand that were begun on a plain page, which has no stream: a bar for each until the person has seen what came
// of it. The list draws the same by itself, see app/src/company/jobs.rs.

import { keep, read as remembered } from './kept.js'
import { blank, goes, put, take } from './notices.js'

/** @typedef {{ job: string, state: 'running' | 'done' | 'failed', done: number, total: number, sentence: string, result?: string }} Progress */

/** Which jobs the person has dismissed, in any tab and on any page. */
const SEEN = 'tandem-jobs'
const MOST_SEEN = 32

/** How often a job that is under way is asked for, and one that the server could not be asked for, in milliseconds. */
const OFTEN = 1_000
const LATER = 5_000
/** How often it is looked whether what an export made is still there to be had. */
const SELDOM = 60_000
/** How long something that is done and wants nothing more is shown. */
const SHOWN = 10_000

/** @typedef {{ notice: HTMLElement, says: HTMLElement, close: HTMLElement, state: string, timer?: ReturnType<typeof setTimeout> }} Bar */
/** @type {Map<string, Bar>} */
const bars = new Map()

const seen = () => remembered(SEEN, /** @type {string[]} */ ([]))

addEventListener('storage', ({ key }) => {
  if (key !== SEEN) return
  for (const job of seen()) leave(job)
})

/** @param {string} job */
function leave(job) {
  const bar = bars.get(job)
  clearTimeout(bar?.timer)
  bars.delete(job)
  if (bar?.notice.isConnected) take(bar.notice)
}

/** Nobody wants to see it any more, here or elsewhere. @param {string} job */
function dismiss(job) {
  keep(SEEN, JSON.stringify([...seen(), job].slice(-MOST_SEEN)))
  leave(job)
  fetch('/fn/forget_job', { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ job }) }).catch(() => {})
}

/** Asks for a job, again and again. @param {string} job */
export async function follow(job) {
  const answer = await fetch(`/jobs/${job}`, { cache: 'no-store', headers: { accept: 'application/json' } }).catch(() => null)
  const bar = bars.get(job)
  if (answer?.ok) return show(await answer.json())
  if (answer?.status === 404) {
    // A job does not outlive the server that runs it, and what it made is kept for a few minutes.
    const sentence = 'The server was started anew in the middle of this. What was done stays done; please try the rest again.'
    if (bar?.state === 'running') show({ job, state: 'failed', done: 0, total: 0, sentence })
    else leave(job)
  } else if (bar) bar.timer = setTimeout(() => follow(job), LATER)
}

/** @param {Progress} progress */
function show({ job, state, done, total, sentence, result }) {
  if (seen().includes(job)) return
  const bar = bars.get(job) ?? begin(job)
  bars.set(job, bar)
  const { notice, says, close } = bar
  const running = state === 'running'
  clearTimeout(bar.timer)
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
    bar.timer = setTimeout(() => follow(job), OFTEN)
  } else {
    meter?.remove()
    if (result && !notice.querySelector('a')) {
      const link = Object.assign(document.createElement('a'), { className: 'button', href: result, download: 'tandem.json', textContent: 'Download' })
      notice.insertBefore(link, close)
    }
    if (result) bar.timer = setTimeout(() => follow(job), SELDOM)
    if (state !== bar.state && state === 'done' && !result) goes(notice, SHOWN, () => dismiss(job))
  }
  bar.state = state
}

/** @param {string} job @returns {Bar} */
function begin(job) {
  const { notice, says, close } = blank('job')
  put(notice, () => dismiss(job))
  return { notice, says, close, state: '' }
}
