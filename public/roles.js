// @ts-check
// What somebody else changed about what the person may do in a list: told in a notice, with the name of who did it. The page
// itself has drawn the list accordingly by then, and kept what was being typed among what is not saved.

import { blank, goes, put } from './notices.js'

/** @typedef {{ topic: { list?: string }, actor: string, changes: { member_joined?: { person: string, role: string }, member_left?: { person: string } }[] }} Row */

/** How long a notice is shown. */
const SHOWN = 20_000
/** How long the page itself takes at the most to say what it has to say. */
const MOMENT = 200

const ROLES = /** @type {Record<string, string>} */ ({
  viewer: 'a viewer of',
  editor: 'an editor of',
  owner: 'an owner of',
})

let me = ''
/** The names of lists and of people, as the page showed them last: of a list that one is out of nothing is to be had any more. @type {Map<string, string>} */
const names = new Map()

/** @param {string} person */
export function begin(person) {
  me = person
  look()
}

/** @param {string} name @param {string} data */
export function hear(name, data) {
  look()
  if (name !== 'change' || !data.includes('"member_')) return
  /** @type {Row} */
  const { topic, actor, changes } = JSON.parse(data)
  if (!topic.list || actor === me) return
  const [by, list] = [names.get(actor) ?? 'Somebody', names.get(topic.list) ?? 'a list']
  for (const { member_joined: joined, member_left: left } of changes) {
    if (joined?.person === me) tell(`${by} made you ${ROLES[joined.role]} “${list}”.`)
    if (left?.person === me) {
      tell(`${by} removed you from “${list}”.`)
      setTimeout(() => takeBack(`You are no longer in “${list}”.`), MOMENT)
    }
  }
}

function look() {
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.members [data-person]'))) {
    names.set(mark.dataset.person ?? '', mark.title.replace(/, here now$/, ''))
  }
  for (const row of document.querySelectorAll('.side-row[href^="/lists/"]')) {
    names.set(row.getAttribute('href')?.slice('/lists/'.length) ?? '', row.querySelector('.side-name')?.textContent ?? '')
  }
}

/** Takes away what the page itself said of the same, knowing less. @param {string} sentence */
function takeBack(sentence) {
  for (const notice of document.querySelectorAll('.notices > .notice')) {
    const close = notice.querySelector('button:last-child')
    if (notice.textContent === sentence && close instanceof HTMLElement) close.click()
  }
}

/** @param {string} sentence */
function tell(sentence) {
  const { notice, says } = blank('role')
  says.textContent = sentence
  put(notice)
  goes(notice, SHOWN)
}
