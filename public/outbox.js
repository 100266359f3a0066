// @ts-check
// The outbox on this device, as the page's wasm needs one: texts under keys, in the browser's database before the next thing
// happens.
//
// A browser may take its database away under an open page (its data is cleared, the process that has it dies, another tab deletes
// it), never open it, or have none. So everything that is not answered is held here as well, and written again as soon as there is
// a database. Until then it stands beside it, in the browser's other storage. Where that takes nothing either, the page says so.

const STORE = 'outbox'
/** Since when a person who signed out is being forgotten here; gone with all else once that is done. */
const OUT = 'tandem-out'
/** What the keys beside the database begin with. `unsent.js` reads them there. */
const BESIDE = 'tandem-outbox-'

// All times are in milliseconds.
/** How long the browser may take to open or to write: what takes longer may never come. */
const PATIENCE = 2_000
/** How long forgetting somebody takes at the most. */
const FORGETTING = 10_000
/** How soon it is tried again, at first and at the most. */
const SOON = 500
const SELDOM = 60_000

/** @typedef {0 | 1 | 2} Kept not on this device, on its way there, on it */

/** Gives up on what takes too long. @template T @param {Promise<T>} promise @returns {Promise<T>} */
function timely(promise) {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject)
    setTimeout(() => reject(new Error('The browser’s storage does not answer.')), PATIENCE)
  })
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** When a person signed out who is being forgotten; 0 where nobody is. */
function outSince() {
  try {
    return Number(localStorage.getItem(OUT))
  } catch {
    return 0 // A browser that keeps nothing for us.
  }
}

/** Whether nobody waits for that any more. What cannot be read is no command: somebody else may have put it there. @param {string} text */
function isAnswered(text) {
  try {
    return JSON.parse(text).answered === true
  } catch {
    return true
  }
}

export class Outbox {
  /** What is not answered. @type {Map<string, string>} */
  held = new Map()
  /** What the database does not have yet; nothing takes a key out. @type {Map<string, string | null>} */
  due = new Map()
  /** What is held and could not be put beside the database. @type {Set<string>} */
  lost = new Set()
  /** What this page wrote, or has told of, before the database was read; none from then on. @type {Set<string> | undefined} */
  own = new Set()
  hasLooked = false
  /** @type {IDBDatabase | null} */
  database = null
  /** @type {Promise<void> | null} */
  opening = null
  writing = false
  /** Whether the database failed when it was needed last. */
  failed = false
  again = SOON
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer

  /**
   * What earlier pages left on this device, by key: in the database and beside it. A database that opens late tells the rest
   * when it is asked once more, however late that is; null where nothing is left to tell.
   * @returns {Promise<string[] | null>}
   */
  async all() {
    if (!this.own) return null
    if (this.hasLooked) await this.opened()
    const read = await this.read()
    const texts = new Map(read)
    // What stands beside the database is newer than what is in it, and goes there now.
    const beside = new Map(this.hasLooked ? [] : this.beside())
    this.hasLooked = true
    for (const [key, text] of beside) texts.set(key, text)
    for (const key of this.own) texts.delete(key)
    if (read) this.own = undefined
    else for (const key of texts.keys()) this.own.add(key)
    for (const [key, text] of texts) {
      if (!isAnswered(text)) this.held.set(key, text)
      if (beside.has(key)) this.due.set(key, text)
    }
    this.flush()
    return [...texts.keys()].sort().map((key) => texts.get(key) ?? '')
  }

  /** Waits for a database, as long as it takes. */
  async opened() {
    for (let rest = SOON; !this.database; rest = Math.min(rest * 2, SELDOM)) {
      this.open()?.catch(() => {})
      await this.opening?.catch(() => {})
      if (!this.database) await new Promise((then) => setTimeout(then, rest))
    }
  }

  /** What is in the database; null where it cannot be read now. @returns {Promise<[string, string][] | null>} */
  async read() {
    try {
      await this.open()
      const store = this.database?.transaction(STORE).objectStore(STORE)
      if (!store) return null
      const [keys, texts] = await timely(Promise.all([done(store.getAllKeys()), done(store.getAll())]))
      return keys.map((key, at) => [String(key), texts[at]])
    } catch (error) {
      this.fails(error)
      return null
    }
  }

  /** @returns {[string, string][]} */
  beside() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(BESIDE))
      return keys.map((key) => [key.slice(BESIDE.length), localStorage.getItem(key) ?? ''])
    } catch {
      return []
    }
  }

  /** Puts a text under a key, or takes the key out. @param {string} key @param {string} [text] */
  write(key, text) {
    this.own?.add(key)
    if (text && !isAnswered(text)) this.held.set(key, text)
    else this.held.delete(key)
    // Without a database what is answered need not be kept, only not be sent once more.
    this.due.set(key, text && (this.database || this.held.has(key)) ? text : null)
    if (!this.database) this.put(key)
    this.flush()
  }

  /** Puts what is held under a key beside the database, or takes it away there. @param {string} key */
  put(key) {
    const text = this.held.get(key)
    try {
      if (text) localStorage.setItem(BESIDE + key, text)
      else localStorage.removeItem(BESIDE + key)
      this.lost.delete(key)
    } catch {
      if (text) this.lost.add(key)
      else this.lost.delete(key)
    }
  }

  /** Where that stands what is held. @returns {Kept} */
  kept() {
    if (this.database) return this.due.size || this.writing ? 1 : 2
    if (!this.failed && !this.held.size) return 1
    for (const key of this.lost) this.put(key)
    if (!this.failed) return this.lost.size ? 1 : 2
    return this.lost.size || !this.takes() ? 0 : 2
  }

  /** Whether there is room beside the database at all. */
  takes() {
    try {
      localStorage.setItem(BESIDE, '')
      localStorage.removeItem(BESIDE)
      return true
    } catch {
      return false
    }
  }

  /** Writes what is due, one transaction after the other, each with all that has come meanwhile. */
  async flush() {
    if (this.writing) return
    this.writing = true
    await null // What comes in the same moment goes together.
    while (this.due.size) {
      const due = this.due
      this.due = new Map()
      try {
        await this.open()
        await this.commit(due)
        this.failed = false
        this.again = SOON
      } catch (error) {
        this.due = new Map([...due, ...this.due])
        this.fails(error)
        break
      }
      for (const key of due.keys()) if (!this.due.has(key)) this.unbeside(key)
    }
    this.writing = false
  }

  /** @param {Map<string, string | null>} due */
  commit(due) {
    return timely(new Promise((resolve, reject) => {
      // Without that a browser may lose the last write, and with it somebody's words.
      const transaction = this.database?.transaction(STORE, 'readwrite', { durability: 'strict' })
      const store = transaction?.objectStore(STORE)
      if (!transaction || !store) return reject(new Error('The database was closed.'))
      for (const [key, text] of due) {
        if (text === null) store.delete(key)
        else store.put(text, key)
      }
      transaction.oncomplete = () => resolve(undefined)
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
    }))
  }

  /** What is in the database need not stand beside it. @param {string} key */
  unbeside(key) {
    this.lost.delete(key)
    try {
      localStorage.removeItem(BESIDE + key)
    } catch {
      // Nothing is there then.
    }
  }

  /** Nothing is kept any more. */
  ends() {
    this.held.clear()
    this.due.clear()
    clearTimeout(this.timer)
  }

  open() {
    if (this.database) return
    this.opening ??= this.request().finally(() => (this.opening = null))
    return timely(this.opening)
  }

  async request() {
    const request = indexedDB.open('tandem', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    const database = await done(request)
    this.database = database
    database.onclose = database.onversionchange = () => this.loses(database)
  }

  /** The database is no more, or another page wants it to be no more. @param {IDBDatabase} database */
  loses(database) {
    if (this.database === database) this.fails('it was closed')
  }

  /** What is held stands beside the database until there is one again. @param {unknown} why */
  fails(why) {
    if (!this.failed) console.warn('the outbox could not be written:', why)
    this.failed = true
    this.database?.close()
    this.database = null
    for (const [key, text] of this.held) {
      if (!this.due.has(key)) this.due.set(key, text)
      this.put(key)
    }
    this.opening?.then(() => this.flush(), () => {}) // Late is better than never.
    clearTimeout(this.timer)
    if (this.due.size) this.timer = setTimeout(() => this.flush(), this.again)
    this.again = Math.min(this.again * 2, SELDOM)
  }
}

if ('document' in globalThis) {
  const outbox = new Outbox()
  // What the page's wasm calls.
  Object.assign(globalThis, { tandemOutbox: outbox })
  // The person signed out in another tab (`forget.js`): nothing of theirs is written here any more.
  const leave = () => {
    outbox.ends()
    Object.assign(globalThis, { tandemOutbox: undefined })
    onbeforeunload = null
    location.replace('/sign-in?out=1')
  }
  addEventListener('storage', ({ key, newValue }) => {
    if (key === OUT && newValue) leave()
  })
  // It may be under way while this page is loaded: then it has been said already, and what is kept here is still theirs.
  const since = Date.now() - outSince()
  if (since >= 0 && since < FORGETTING) leave()
}
