// @ts-check
// What stays in the browser, for all tabs or for one. A browser that keeps nothing for us has nothing, and that is all: where a
// person blocks cookies, already the name of the storage throws.

/** @typedef {'localStorage' | 'sessionStorage'} Place for all tabs, or for this one */

/** A text that was kept. @param {string} key @param {Place} [place] */
export function kept(key, place = 'localStorage') {
  try {
    return globalThis[place].getItem(key)
  } catch {
    return null
  }
}

/** What was kept as a JSON array; an empty one, where there is nothing that can be read. @param {string} key @param {Place} [place] @returns {any[]} */
export function list(key, place) {
  try {
    const found = JSON.parse(kept(key, place) ?? '')
    return Array.isArray(found) ? found : []
  } catch {
    return []
  }
}

/** Keeps a text; none takes it away. @param {string} key @param {string} [text] @param {Place} [place] */
export function keep(key, text, place = 'localStorage') {
  try {
    if (text === undefined) globalThis[place].removeItem(key)
    else globalThis[place].setItem(key, text)
  } catch {
    // No room, or no leave.
  }
}

/** The keys of what is kept that begin so. @param {string} begin */
export function keys(begin) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(begin))
  } catch {
    return []
  }
}
