// @ts-check
// Brings the page of a list to life: the app takes over what the server wrote.
//
// Other programs change pages, too: a translator puts `<font>` around each text, extensions put in what is theirs. The app takes
// each node of the page for what the server wrote, so it gets it as that was written; from then on `guard.js` watches over it.
// Where that does not help, the page says that it is not live, and works by its forms.
//
// Whatever else does not come (a script, the wasm, a style), the page says so, once, and offers to load again.

/** How often a translator is sent away before it has its way. */
const PATIENCE = 50

/** What is loaded once the page lives. @type {() => Promise<typeof import('./guard.js')>} */
const guard = () => import(String('/guard.js'))

const root = document.documentElement
const tellZone = () => {
  root.dataset.zone = new Intl.DateTimeFormat().resolvedOptions().timeZone.replace('Etc/Unknown', '')
}
tellZone()
// Whoever travels comes back to a page that was out of sight.
document.addEventListener('visibilitychange', tellZone)
const notice = document.getElementById('stale')
const composer = () => /** @type {HTMLInputElement | null} */ (document.getElementById('new-task'))
const { script = '', stream = '', outbox = '', wasm = '' } = document.getElementById('start')?.dataset ?? {}

/** What the server wrote: each node, and what is in it. Elements of a name with a dash are others'. @type {[Node, ChildNode[], string | null][]} */
let written = []
const walker = document.createTreeWalker(document.body)
for (let node = /** @type {Node | null} */ (document.body); node; node = walker.nextNode()) {
  written.push([node, [...node.childNodes].filter(({ nodeName }) => !/.-/.test(nodeName)), node.nodeValue])
}

/**
 * Says what is wrong with the page.
 * @param {string} [sentence] where it is not the one that stands there
 * @param {'' | 'dead'} [how] whether what it shows may be out of date
 */
function say(sentence, how = '') {
  root.dataset.stale = how
  const says = notice?.querySelector('p')
  if (sentence && says) says.textContent = sentence
}

/** Leaves the page to its forms, and whatever translates it to do so. @param {string} [sentence] */
function leaveToForms(sentence) {
  delete root.dataset.script
  root.removeAttribute('translate')
  say(sentence)
}

/** Loads the page for forms alone, with what was typed. */
function loadForForms() {
  history.replaceState({ typed: composer()?.value ?? '' }, '')
  location.reload()
}

/** Makes the page again what the server wrote. What others have put at its end stays. */
function restore() {
  const { activeElement } = document
  for (const [node, children, text] of written) {
    if (node.nodeValue !== text) node.nodeValue = text
    if (!(node instanceof Element) || children.every((child, at) => node.childNodes[at] === child)) continue
    if (node === document.body) node.prepend(...children)
    else node.replaceChildren(...children)
  }
  written = []
  if (activeElement instanceof HTMLElement && activeElement !== document.activeElement) activeElement.focus({ preventScroll: true })
}

/**
 * A translator puts an element with the translation in place of a text. The app would go on changing the text, which nobody sees
 * any more, and what stands there would be long out of date. So the text is put back before anybody sees it.
 * @param {() => void} giveWay
 */
function watch(giveWay) {
  let times = 0
  const observer = new MutationObserver((records) => {
    if (!records.some(({ addedNodes }) => [...addedNodes].some(({ nodeName }) => nodeName === 'FONT'))) return
    if (++times > PATIENCE) {
      observer.disconnect()
      return giveWay()
    }
    // The app's own changes of the same moment stay: those put in no `<font>`, and take out or put in more than text.
    const theirs = records.filter(
      ({ addedNodes, removedNodes }) =>
        [...addedNodes].some(({ nodeName }) => nodeName === 'FONT') ||
        [...addedNodes, ...removedNodes].every(({ nodeType }) => nodeType === Node.TEXT_NODE),
    )
    // Backwards, so that each finds the page as it left it.
    for (const { target, addedNodes, removedNodes, previousSibling, nextSibling } of theirs.reverse()) {
      for (const node of addedNodes) if (node.parentNode === target) target.removeChild(node)
      const before = nextSibling ?? (previousSibling ? previousSibling.nextSibling : target.firstChild)
      if (before && before.parentNode !== target) continue // Something else has gone on from there.
      for (const node of removedNodes) target.insertBefore(node, before)
    }
    observer.takeRecords()
  })
  observer.observe(document.body, { childList: true, subtree: true })
}

// What `app/src/browser/clusters.rs` calls: the beginning of a text up to the character at that unit of UTF-16, by what people
// take for one; at the beginning that one.
Object.assign(globalThis, {
  tandemCut(/** @type {string} */ text, /** @type {number} */ at) {
    // A browser of some years ago has no such tables: there it is a character of Unicode.
    const found = Intl.Segmenter && new Intl.Segmenter().segment(text).containing(at)
    return at ? text.slice(0, found?.index ?? at) : (found?.segment ?? [...text][0] ?? '')
  },
})

async function start() {
  const [app] = await Promise.all([import(script), import(stream), import(outbox)])
  await app.default({ module_or_path: wasm })
  restore()
  watch(() => guard().then(({ giveWay }) => giveWay(say, loadForForms)).catch(() => say(undefined, 'dead')))
  try {
    app.hydrate()
  } catch (error) {
    console.warn(error)
    return loadForForms()
  }
  guard().then(({ guard }) => guard(say)).catch(() => say())
  // Where storage is blocked, already its name may throw.
  Promise.resolve().then(() => navigator.serviceWorker?.register('/sw.js')).catch(() => {})
}

// What another program shares, or a link brings along, stands in the line once: the server put it there, but for a page from a copy.
const shared = new URLSearchParams(location.search)
const text = shared.get('add') || shared.get('title')
if (text) {
  const [field, url] = [composer(), shared.get('url') ?? '']
  if (field && !field.value) field.value = text.includes(url) ? text : `${text} ${url}`
  history.replaceState(history.state, '', location.pathname)
}

if (typeof history.state?.typed === 'string' || document.querySelector('font')) {
  const field = composer()
  if (field) field.value = history.state?.typed ?? field.value
  history.replaceState(null, '')
  leaveToForms('Something in your browser, such as a translation, changes this page. So it is not live here: it works by its forms.')
} else {
  start().catch((error) => {
    console.warn(error)
    leaveToForms()
  })
}

export {}
