// @ts-check
// How the person's long jobs stand: a bar for each, in every page of theirs, until they have seen what came of it. The
// stream says how far one has come, also to a page that was just loaded. Where it is silent, or there is none as on the
// plain pages, the page of the job says the same.

import { keep, read as remembered } from './kept.js'
import { blank, goes, put, take } from './notices.js'

/** @typedef {{ job: string, state: 'running' | 'done' | 'failed', done: number, total: number, sentence: string, result?: string }} Progress */

/** Which jobs the person has dismissed, in any tab. */
const SEEN = 'tandem-jobs'
const MOST_SEEN = 32

/** How long the stream may be silent about a job that is under way before its page is looked at, in milliseconds. */
const SILENT = 5_000
/** How often the page of a job is looked at where there is no stream. */
const OFTEN = 1_000
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

/** Hears what the stream says. @param {string} name @param {string} data */
export function hear(name, data) {
  if (name === 'progress') show(JSON.parse(data), SILENT)
}

/** Follows a job by its page alone. @param {string} job */
export function follow(job) {
  return look(job, OFTEN)
}

/** @param {Progress} progress @param {number} patience */
function show({ job, state, done, total, sentence, result }, patience) {
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
    bar.timer = setTimeout(() => look(job, patience), patience)
  } else {
    meter?.remove()
    if (result && !notice.querySelector('a')) {
      const link = Object.assign(document.createElement('a'), { className: 'button', href: result, download: 'tandem.json', textContent: 'Download' })
      notice.insertBefore(link, close)
    }
    if (result) bar.timer = setTimeout(() => look(job, patience), SELDOM)
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

/** Looks at the page of a job. @param {string} job @param {number} patience */
async function look(job, patience) {
  const answer = await fetch(`/jobs/${job}`, { cache: 'no-store' }).catch(() => null)
  const bar = bars.get(job)
  if (answer?.status === 404) {
    // A job does not outlive the server that runs it, and what it made is kept for a few minutes.
    const sentence = 'The server was started anew in the middle of this. What was done stays done; please try the rest again.'
    if (bar?.state === 'running') show({ job, state: 'failed', done: 0, total: 0, sentence }, patience)
    else leave(job)
    return
  }
  const progress = answer?.ok && read(job, await answer.text())
  const late = progress && progress.state === 'running' && bar?.state && bar.state !== 'running' // The stream was quicker.
  if (progress && !late) show(progress, patience)
  else if (bar) bar.timer = setTimeout(() => look(job, patience), SILENT)
}

/** @param {string} job @param {string} html @returns {Progress | undefined} */
function read(job, html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const says = page.getElementById('job-sentence')
  const state = says?.dataset.state
  if (!says || (state !== 'running' && state !== 'done' && state !== 'failed')) return
  const meter = page.querySelector('progress')
  return {
    job, state, done: meter?.value ?? 0, total: meter?.max ?? 0, sentence: says.textContent ?? '',
    result: page.querySelector('a[download]')?.getAttribute('href') ?? undefined,
  }
}
