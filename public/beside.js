// @ts-check
// What the page shows of that which is not in the log: loaded by `stream.js` when somebody shares a list, or when the
// stream first says something beside the log. What is rare among it is in modules of its own, loaded from here.
//
// Leptos draws the page. What is drawn here stands in elements and attributes that it does not know of, and is put there
// again where a part of the page was drawn anew.

/**
 * Called once, before anything is heard.
 * @param {string} _person whose page it is
 * @param {string} _client the page's own id
 */
export function begin(_person, _client) {}

/**
 * Hears all that the page hears, after the page did: `link` and how things are, or an event of the stream and its JSON.
 * @param {string} _name
 * @param {string} _data
 */
export function hear(_name, _data) {}
