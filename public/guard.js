// @ts-check
// Watches over the page of a list while it lives: loaded once it does.

/** @typedef {(sentence?: string, how?: 'dead') => void} Say */

/** Says where something is wrong that comes late. @param {Say} say */
export function guard(say) {
  // A style that is a page is an error in most browsers. Chromium takes it for an empty one.
  for (const { name, contentType } of /** @type {(PerformanceEntry & { contentType?: string })[]} */ (performance.getEntriesByType('resource'))) {
    if (contentType && contentType !== 'text/css' && new URL(name).pathname.endsWith('.css')) say()
  }

  // The app cannot go on after that: what it shows is what was true then.
  const onError = (/** @type {unknown} */ error) => {
    if (error instanceof WebAssembly.RuntimeError) say('Something went wrong, and this page is no longer live. Load it again to go on.', 'dead')
  }
  addEventListener('error', ({ error }) => onError(error))
  addEventListener('unhandledrejection', ({ reason }) => onError(reason))
}

/**
 * A translator that was sent away comes back again and again: it has its way, and the page says what that means.
 * @param {Say} say
 * @param {() => void} loadForForms
 */
export function giveWay(say, loadForForms) {
  say('A translation keeps changing this page, so it may show old text. Load it again: then it works by its forms, and can be translated.', 'dead')
  document.querySelector('#stale a')?.addEventListener('click', (event) => {
    event.preventDefault()
    loadForForms()
  })
}
