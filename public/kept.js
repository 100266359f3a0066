// @ts-check
// What stays in the browser, for all tabs. A browser that keeps nothing for us has nothing, and that is all.

/** A text that was kept. @param {string} key */
export function kept(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** What was kept as JSON; that, where there is nothing that can be read. @template T @param {string} key @param {T} otherwise @returns {T} */
export function read(key, otherwise) {
  try {
    return JSON.parse(kept(key) ?? '')
  } catch {
    return otherwise
  }
}

/** Keeps a text; none takes it away. @param {string} key @param {string} [text] */
export function keep(key, text) {
  try {
    if (text === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // No room, or no leave.
  }
}
