// @ts-check
// What a person did here that is not saved yet: it goes when the browser is cleared.

import { kept, keys, list } from './kept.js'

/** Whether the outbox holds anything unanswered, or the tray a text. @returns {Promise<boolean>} */
export async function unsent() {
  // Beside the database stands what it did not take, see `outbox.js`.
  const beside = keys('tandem-outbox-').map((key) => kept(key) ?? '')
  if (list('tandem-tray').length || beside.some(waits)) return true
  const entries = await Promise.race([outbox().catch(() => []), late()])
  return entries.some(waits)
}

/** Whether that is a command that nobody has answered, and not the number of one that was given back. @param {string} text */
function waits(text) {
  try {
    const { answered, stopped } = JSON.parse(text)
    return !answered && !stopped
  } catch {
    return false
  }
}

/** A database that does not open keeps nobody from signing out. @returns {Promise<string[]>} */
const late = () => new Promise((resolve) => setTimeout(() => resolve([]), 4_000))

/** What the pages keep until it is answered. @returns {Promise<string[]>} */
async function outbox() {
  const open = indexedDB.open('tandem')
  // Where there was none there is nothing in it, and none is made.
  open.onupgradeneeded = () => open.transaction?.abort()
  const database = await done(open)
  const entries = await done(database.transaction('outbox').objectStore('outbox').getAll())
  database.close()
  return entries
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
