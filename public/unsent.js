// @ts-check
// What a person did here that is not saved yet: it goes when the browser is cleared.

import { read } from './kept.js'

/** Whether the outbox holds anything unanswered, or the tray a text. @returns {Promise<boolean>} */
export async function unsent() {
  if (read('tandem-tray', []).length) return true
  const entries = await outbox().catch(() => [])
  return entries.some((text) => !JSON.parse(text).answered)
}

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
