// @ts-check
// What is a person's goes from this browser when they sign out. Over HTTPS the server's answer says so to the browser
// (Clear-Site-Data); over plain HTTP no browser follows that, so the page does it itself, once the session is over.

/** How long a browser may take with it, in milliseconds. */
const PATIENCE = 2_000

/** Empties all that pages of ours keep here. What a browser does not let us reach has nothing of ours in it. */
export async function forget() {
  // Other tabs hear it, and write nothing any more: see `outbox.js`.
  attempt(() => localStorage.setItem('tandem-out', String(Date.now())))
  const all = Promise.allSettled([empty(), drop()])
  await Promise.race([all, new Promise((done) => setTimeout(done, PATIENCE))])
  attempt(() => localStorage.clear())
  attempt(() => sessionStorage.clear())
}

/** Empties the outbox, also while another tab has it open: deleting it would wait for that. */
async function empty() {
  const open = indexedDB.open('tandem')
  // Where there was none, none is made.
  open.onupgradeneeded = () => open.transaction?.abort()
  /** @type {IDBDatabase} */
  const database = await new Promise((done, failed) => {
    open.onsuccess = () => done(open.result)
    open.onerror = () => failed(open.error)
  })
  const stores = [...database.objectStoreNames]
  if (stores.length) {
    const transaction = database.transaction(stores, 'readwrite')
    for (const store of stores) transaction.objectStore(store).clear()
    await new Promise((done, failed) => {
      transaction.oncomplete = done
      transaction.onabort = failed
    })
  }
  database.close()
}

/** Drops the copies that pages open from without a network. */
async function drop() {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)))
}

/** @param {() => void} what */
function attempt(what) {
  try {
    what()
  } catch {
    // A browser that keeps nothing for us.
  }
}

/**
 * Signs out by that form, and forgets once that is done. Where the server cannot be asked the browser does it, which says why.
 * @param {HTMLFormElement} form
 */
export async function leave(form) {
  const before = await whose().catch(() => undefined)
  await fetch(form.action, { method: 'POST', body: new URLSearchParams(), redirect: 'manual' }).catch(() => {})
  // Where that leads a script cannot see, and something in front of the server may have answered: so the server is asked.
  const after = await whose().catch(() => undefined)
  if (!before || after === undefined || after === before) return form.submit()
  await forget()
  location.assign('/sign-in?out=1')
}

/** Whose session it is, by our server's own word; nobody's where there is none. @returns {Promise<string>} */
async function whose() {
  const answer = await fetch('/session', { redirect: 'manual' })
  const isOurs = answer.headers.has('tandem') && (answer.ok || answer.status === 401)
  if (!isOurs) throw new Error('This is no answer of the server.')
  const { person = '' } = await answer.json()
  return person
}
