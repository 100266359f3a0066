// @ts-check
// What the page about oneself gains from script: the switch for what is told on the desktop, an export that one can
// watch without leaving, and a warning before signing out takes along what is not saved.

import { attend, trouble, want, wanted } from './desktop.js'
import { leave } from './forget.js'
import { keep, list } from './kept.js'
import { unsent } from './unsent.js'

/** The jobs that were begun here, over reloads of this tab. */
const JOBS = 'tandem-jobs-here'

attend()

const tell = document.getElementById('tell')
const says = document.getElementById('tell-says')
if (tell instanceof HTMLInputElement && says) {
  tell.closest('section')?.toggleAttribute('hidden', false)
  const show = () => {
    tell.checked = wanted()
    says.textContent = trouble()
    tell.disabled = !!says.textContent
  }
  tell.addEventListener('change', async () => {
    const { checked } = tell
    const on = await want(checked)
    show()
    if (checked && !on && !says.textContent) says.textContent = 'You did not answer your browser’s question, so notifications are still off.'
  })
  addEventListener('pageshow', show)
  addEventListener('focus', show) // The person may have been in the settings.
  show()
}

/** @type {string[]} */
const begun = list(JOBS, 'sessionStorage')

/** @param {string} job */
async function follow(job) {
  const { follow } = await import('./jobs.js')
  await follow(job)
}

const exporting = document.querySelector('form[action="/fn/start_export"]')
if (exporting instanceof HTMLFormElement) {
  exporting.addEventListener('submit', async (event) => {
    event.preventDefault()
    const body = new URLSearchParams()
    const answer = await fetch(exporting.action, { method: 'POST', headers: { accept: 'application/json' }, body }).catch(() => null)
    const is = answer?.ok && answer.headers.has('tandem')
    const job = is && (await answer.json().catch(() => null))?.to?.split('/').pop()
    if (!job) return exporting.submit() // The server says why not, on a page.
    begun.push(job)
    keep(JOBS, JSON.stringify(begun), 'sessionStorage')
    // What follows it may be missing, as after an update: the job has a page of its own.
    follow(job).catch(() => location.assign(`/jobs/${job}`))
  })
}
// A photo of any size is made small here before it is sent; without script it is sent as it is, if it is not too large.
const picture = document.getElementById('picture')
const file = document.getElementById('picture-file')
if (picture instanceof HTMLFormElement && file instanceof HTMLInputElement) {
  file.addEventListener('change', async () => {
    const [chosen] = file.files ?? []
    const read = chosen && (await createImageBitmap(chosen).catch(() => null))
    if (!read) return // The server says what is the matter with it.
    const side = Math.min(read.width, read.height)
    const small = document.createElement('canvas')
    small.width = small.height = Math.min(side, 256)
    small.getContext('2d')?.drawImage(read, (read.width - side) / 2, (read.height - side) / 2, side, side, 0, 0, small.width, small.height)
    const blob = await new Promise((/** @type {BlobCallback} */ done) => small.toBlob(done, 'image/png'))
    if (!blob) return
    const files = new DataTransfer()
    files.items.add(new File([blob], 'picture.png', { type: 'image/png' }))
    file.files = files.files
  })
}
// Signing out clears the browser: who has something here that is not saved yet is told so first.
const out = document.getElementById('sign-out')
const warning = document.getElementById('unsent')
if (out instanceof HTMLFormElement && warning) {
  out.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (warning.hidden && (await unsent())) warning.hidden = false
    else await leave(out)
  })
}
for (const job of begun.slice(-4)) follow(job).catch(() => {})
