// @ts-check
// Opens the app without a network, as the person last saw it. Documents come from the network, and from the last copy
// where it does not answer in time. Files whose name says what is in them come from the copy. The stream and whatever
// is posted are never touched: what is done offline waits in the page's outbox, not here.
//
// There is one copy of the app's document, since every list is the same page: it carries the account and one list, and the
// page puts the others in from their snapshots. While the person works the page says now and then what it has, and the
// worker fetches again what changed. All of that is one person's, and goes as soon as the server says another name.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self))

// Everyone's, and one person's. Another number throws away what an older worker kept.
const FILES = 'files-1'
const PERSON = 'person-1'

/** The style with the pictures of those whom a person sees: nobody else's. */
const PICTURES = '/pictures.css'

/** The files under plain names that the app needs. They are asked for again whenever a new version is here. */
const PLAIN = ['/offline', '/page.js', '/keys.js', '/guard.js', '/favicon.svg', '/site.webmanifest']

/** How long the network may take before the copy is shown, in milliseconds. The page catches up by itself. */
const PATIENCE = 2_500

/** How long nothing is fetched again after it was, in milliseconds: a busy list is not to be fetched with every change. */
const REST = 10_000

/** The same for long lists, by the bytes that were fetched: a megabyte every 20 seconds. */
const BYTES_PER_MILLISECOND = 50

worker.addEventListener('install', (event) => {
  // What is posted is never the worker's, so it need not wait for it: the way of each edit leads there. Not all browsers can be told.
  const { addRoutes } = /** @type {{ addRoutes?: (routes: object[]) => Promise<void> }} */ (/** @type {unknown} */ (event))
  const routes = addRoutes?.call(event, [{ condition: { requestMethod: 'POST' }, source: 'network' }])
  event.waitUntil(Promise.allSettled([routes]))
  event.waitUntil(keepFiles(PLAIN).then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== FILES && name !== PERSON) await caches.delete(name)
      await worker.registration.navigationPreload?.enable()
      await worker.clients.claim()
    })(),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname, search } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (!/^\/(events|changes)\b/.test(pathname)) event.respondWith(open(event, pathname, search))
  } else if (pathname === '/fn/snapshot') {
    event.respondWith(newest(ask(event, (answer) => put(pathname + search, answer)), () => own(pathname + search)))
  } else if (/\.[0-9a-f]{16}\.\w+$/.test(pathname)) {
    event.respondWith(
      held(() => file(pathname)).then((copy) => copy ?? fetch(request)),
    )
  } else if (pathname === PICTURES) {
    // Whose faces somebody sees is theirs alone.
    event.respondWith(newest(ask(event, (answer) => put(pathname, answer)), () => own(pathname)))
  } else if (/\.(js|css|wasm)$/.test(pathname) || PLAIN.includes(pathname)) {
    event.respondWith(newest(ask(event, (answer) => putFile(pathname, answer)), () => file(pathname), (answer) => isFile(pathname, answer)))
  }
})

/**
 * Whether Tandem itself says that. A login or a firewall in front of it answers with the same statuses: what it says is passed on,
 * and neither kept nor believed.
 * @param {Response} answer
 */
const isOurs = (answer) => answer.headers.has('tandem')

/** Whether a server that is away or busy says that, or whoever speaks for it: a copy is worth more. @param {Response} answer */
const isAway = ({ status }) => status > 499 || [408, 425, 429].includes(status)

/** What a page is asked for with that is to come from the network: somebody wants to sign in to what is in front of it. */
const THROUGH = '?from=network'

/**
 * A document.
 * @param {FetchEvent} event
 * @param {string} path
 * @param {string} search
 */
async function open(event, path, search) {
  const isApp = isOfApp(path)
  const isThrough = search === THROUGH
  // With a query it says what somebody has just done: that is not for later.
  const answer = ask(event, (answer) => (isApp && (!search || isThrough) ? putApp(answer) : heed(answer)))
  try {
    // Whatever is in front may want to be seen, so its page is shown.
    return await newest(answer, () => (isApp ? app(path) : undefined), () => true, isThrough)
  } catch (error) {
    const copy = await held(() => file('/offline'))
    if (copy) return copy
    throw error
  }
}

/** @param {string} path */
function isOfApp(path) {
  return path === '/' || /^\/lists\/[^/]+$/.test(path)
}

/**
 * What the network answers, or a copy where it fails or is slow; where there is no copy it has all the time it wants.
 * @param {Promise<Response>} answer
 * @param {() => Promise<Response | undefined> | undefined} copy
 * @param {(answer: Response) => boolean} [takes] whether the answer is what was asked for
 * @param {boolean} [isPatient]
 */
async function newest(answer, copy, takes = isOurs, isPatient = false) {
  const first = await Promise.race([answer.catch(() => undefined), ...(isPatient ? [] : [pause(PATIENCE)])])
  // A proxy in front of a server that is down answers, too.
  return first && !isAway(first) && takes(first) ? first : ((await held(copy)) ?? answer)
}

/** A copy; none where the browser keeps nothing for us. @param {() => Promise<Response | undefined> | undefined} copy */
async function held(copy) {
  try {
    return await copy()
  } catch {
    return undefined
  }
}

/**
 * Asks the network, and keeps what it says, however late that is.
 * @param {FetchEvent} event
 * @param {(answer: Response) => Promise<unknown> | undefined} keep
 * @returns {Promise<Response>}
 */
function ask(event, keep) {
  const answer = (async () => (await event.preloadResponse) ?? fetch(event.request))()
  event.waitUntil(answer.then((answer) => keep(answer.clone())).catch(() => {}))
  return answer
}

/** @param {number} milliseconds @returns {Promise<undefined>} */
function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds))
}

/** @param {string} path */
async function file(path) {
  return (await caches.open(FILES)).match(path, { ignoreVary: true })
}

/** What a file is by the end of its name, as its answer must say: whatever stands in between answers with pages of its own. */
const TYPES = /** @type {Record<string, RegExp>} */ ({
  js: /^(text|application)\/javascript\b/,
  css: /^text\/css\b/,
  wasm: /^application\/wasm\b/,
  svg: /^image\/svg\+xml\b/,
  webmanifest: /^application\/manifest\+json\b/,
})

/** Whether an answer is the file that was asked for. @param {string} path @param {Response} answer */
function isFile(path, answer) {
  const type = TYPES[path.split('.').at(-1) ?? ''] ?? /^text\/html\b/
  return answer.ok && isOurs(answer) && !answer.redirected && type.test(answer.headers.get('content-type') ?? '')
}

/** @param {string} path @param {Response} answer */
async function putFile(path, answer) {
  if (isFile(path, answer)) await (await caches.open(FILES)).put(path, answer)
}

/** Keeps all of these files, or none. @param {string[]} paths */
async function keepFiles(paths) {
  const answers = await Promise.all(paths.map((path) => fetch(path)))
  const other = paths.find((path, at) => !isFile(path, /** @type {Response} */ (answers[at])))
  if (other) throw new Error(`Something else stands in place of ${other}.`)
  const files = await caches.open(FILES)
  await Promise.all(paths.map((path, at) => files.put(path, /** @type {Response} */ (answers[at]))))
}

/** @param {string} address */
async function own(address) {
  return (await caches.open(PERSON)).match(address)
}

/**
 * The app's document, if the person is in that list.
 * @param {string} path
 */
async function app(path) {
  const copy = await own('/')
  return copy && (path === '/' || (await copy.clone().text()).includes(`"${path}"`)) ? copy : undefined
}

/** What was a person's is nobody's any more. */
async function forget() {
  kept = ''
  await caches.delete(PERSON)
}

/** Throws away what is somebody else's than the answer says. @param {Response} answer */
async function heed(answer) {
  if (!isOurs(answer)) return
  const person = answer.headers.get('tandem-person')
  const before = await (await own('/person'))?.text()
  if (person && before && person !== before) await forget()
}

/** One after the other, so that two answers cannot belong to two people. */
let last = Promise.resolve()

/**
 * Keeps what belongs to a person, and nothing of anybody else beside it.
 * @param {string} address
 * @param {Response} answer
 */
function put(address, answer) {
  last = last.then(async () => {
    const person = answer.headers.get('tandem-person')
    if (!isOurs(answer)) return
    if (answer.status === 401) await forget()
    if (!answer.ok || !person) return
    if ((await (await own('/person'))?.text()) !== person) {
      await forget()
      await (await caches.open(PERSON)).put('/person', new Response(person))
    }
    await (await caches.open(PERSON)).put(address, answer)
  }).catch(() => {}) // No room on the disk: what is not kept is not there offline, and that is all.
  return last
}

/**
 * Keeps the app's document, once all that it names is here, and drops what only an older one named.
 * @param {Response} answer
 */
async function putApp(answer) {
  // A page of something in between names none of the files, and takes none of them away.
  if (!answer.ok || !isOurs(answer) || !answer.headers.has('tandem-person')) return put('/', answer)
  // The title is what somebody calls a list.
  const head = (await answer.clone().text()).split('</head>')[0]?.replace(/<title>.*<\/title>/s, '') ?? ''
  const named = new Set(head.match(/(?<=")\/[\w/.]+\.(js|css|wasm)(?=")/g))
  named.delete(PICTURES)
  const files = await caches.open(FILES)
  const kept = new Set((await files.keys()).map(({ url }) => new URL(url).pathname))
  const missing = [...named].filter((path) => !kept.has(path))
  if (missing.length) await keepFiles([...missing, ...PLAIN])
  await put('/', answer)
  if (!(await own(PICTURES))) await put(PICTURES, await fetch(PICTURES))
  for (const path of kept) if (!named.has(path) && !PLAIN.includes(path)) await files.delete(path)
}

/** What the page said last that it has, what of that is kept, and when there may be more. */
let wanted = ''
let kept = ''
let next = 0

worker.addEventListener('message', (event) => {
  if (typeof event.data !== 'string') return
  wanted = event.data
  // Who goes may not come back before the network does.
  const goes = event.source instanceof WindowClient && event.source.visibilityState === 'hidden'
  const wait = goes ? 0 : Math.max(0, next - Date.now())
  event.waitUntil(pause(wait).then(() => (keeping = keeping.then(keep).catch(() => {}))))
})

let keeping = Promise.resolve()

/** Fetches again what changed: the document, and those lists whose version is not the one that is here. */
async function keep() {
  const said = wanted
  if (said === kept) return
  const [path = '/', ...lists] = said.split('\n')
  // Asked first, since a document would begin a new session where one has ended.
  const session = await fetch('/session', { redirect: 'manual' })
  if (!isOurs(session)) return // What is kept says more than whatever answers there.
  if (session.status === 401) return forget()
  const document = await fetch(isOfApp(path) ? path : '/', { headers: { accept: 'text/html' } })
  if (!isOurs(document)) return
  let bytes = 0
  for (const [list, version] of lists.map((line) => line.split(' '))) {
    const address = `/fn/snapshot?list=${list}`
    if ((await own(address))?.headers.get('tandem-version') === version) continue
    const answer = await fetch(address)
    bytes += (await answer.clone().arrayBuffer()).byteLength
    await put(address, answer)
  }
  await putApp(document)
  const there = new Set(lists.map((line) => `?list=${line.split(' ')[0]}`))
  const cache = await caches.open(PERSON)
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url)
    if (pathname === '/fn/snapshot' && !there.has(search)) await cache.delete(url)
  }
  kept = said
  next = Date.now() + Math.max(REST, bytes / BYTES_PER_MILLISECOND)
}

// What was told on the desktop leads to the list that it is about, in a page that is open if there is one.
worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const path = String(event.notification.data)
  event.waitUntil(
    (async () => {
      // The one that was looked at last comes first.
      const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
      const page = pages.find(({ url }) => isOfApp(new URL(url).pathname))
      if (!page) return worker.clients.openWindow(path)
      await page.focus().catch(() => {}) // Not every browser lets a worker do that.
      page.postMessage({ show: path })
    })(),
  )
})
