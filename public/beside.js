// @ts-check
// What the page shows of that which is not in the log: loaded by `stream.js` when somebody shares a list, or when the
// stream first says something beside the log. What is rare among it is in modules of its own, loaded from here.
//
// Leptos draws the page. What is drawn here stands in elements and attributes that it does not know of, and is put there
// again where a part of the page was drawn anew.

/** @typedef {{ begin?: (person: string, where: () => string) => void, hear: (name: string, data: string) => void }} Part */

/** The rare parts, and what each is first needed for. @type {[path: string, needs: (name: string) => boolean][]} */
const PARTS = [
]

/** Those that are here, or on their way. @type {Map<string, Promise<Part | void>>} */
const parts = new Map()

let whose = ''
let where = () => ''
/** How things are. */
let link = ''

/**
 * Called once, before anything is heard.
 * @param {string} person whose page it is
 * @param {string} _ the page's own id
 * @param {() => string} at where in the stream the page stands
 */
export function begin(person, _, at) {
  whose = person
  where = at
}

/**
 * Hears all that the page hears, after the page did: `link` and how things are, or an event of the stream and its JSON.
 * @param {string} name
 * @param {string} data
 */
export function hear(name, data) {
  if (name === 'link') link = data
  for (const [path, needs] of PARTS) {
    if (needs(name) && !parts.has(path)) parts.set(path, load(path))
    parts.get(path)?.then((part) => part?.hear(name, data))
  }
}

/** @param {string} path @returns {Promise<Part | void>} */
async function load(path) {
  try {
    const part = /** @type {Part} */ (await import(path))
    part.begin?.(whose, where)
    part.hear('link', link)
    return part
  } catch {
    parts.delete(path) // What is next of it tries again.
  }
}
