// What people do, and what they see. A helper that acts waits for nothing but what a person would wait for.
import { type Page, expect } from '@playwright/test'
import { ask } from './api.ts'

/** The three tasks that a newcomer's first list begins with. */
export const TEACHING = [
  'Click the circle to complete this task',
  'Open this list in another window, and see that it is live',
  'Press Share to work on this list together',
]

/** Waits until the page is live and everything that was done on it is saved. */
export async function settled(page: Page) {
  await expect(page.locator('html[data-sync="live"][data-pending="0"]')).toBeAttached()
}

/** Waits until the page says that it is that live: `live`, `catching-up`, `offline` or `paused`. */
export async function isNow(page: Page, sync: 'live' | 'catching-up' | 'offline' | 'paused') {
  await expect(page.locator('html')).toHaveAttribute('data-sync', sync, { timeout: 15_000 })
}

/** The field that tasks are typed into. */
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Add a task' })

/** Types a task and presses Enter. */
export async function addTask(page: Page, ...titles: string[]) {
  for (const title of titles) {
    await composer(page).fill(title)
    await composer(page).press('Enter')
  }
}

/** The row of a task that is not being edited. */
export const row = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('button', { name: title, exact: true }) })

/** A task's title, which is a button. */
export const title = (page: Page, title: string) => page.getByRole('button', { name: title, exact: true })

/** A task's check. */
export const check = (page: Page, title: string) => page.getByRole('checkbox', { name: title, exact: true })

/** Completes a task by its check. */
export async function complete(page: Page, title: string) {
  await check(page, title).click()
}

/** Opens what is completed and reopens a task by its check. */
export async function reopen(page: Page, title: string) {
  await openCompleted(page)
  await check(page, title).click()
}

/** Unfolds the completed tasks, if they are folded. */
export async function openCompleted(page: Page) {
  const details = page.locator('details.completed')
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click()
}

/** Clicks a title, types another, presses Enter. */
export async function retitle(page: Page, from: string, to: string) {
  await title(page, from).click()
  await titleField(page).fill(to)
  await titleField(page).press('Enter')
}

/** The field of a title that is being changed in place. */
export const titleField = (page: Page) => page.getByRole('textbox', { name: 'Title', exact: true })

/** The field of the notes that are open. */
export const notesField = (page: Page) => page.getByRole('textbox', { name: 'Notes' })

/** Opens a task's menu and chooses from it. */
export async function choose(page: Page, task: string, item: string) {
  await row(page, task).hover()
  await page.getByRole('button', { name: `More: ${task}`, exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Opens all of a task. */
export async function details(page: Page, task: string) {
  await choose(page, task, 'Details')
  await expect(page.getByRole('region', { name: task })).toBeVisible()
}

/** Opens a task's menu and chooses there what it shall have: a priority, or a day. */
export async function set(page: Page, task: string, value: string) {
  await row(page, task).hover()
  await page.getByRole('button', { name: `More: ${task}`, exact: true }).click()
  await page.getByRole('menuitemradio', { name: value }).click()
}

/** Writes notes below a task and leaves them. */
export async function writeNotes(page: Page, task: string, notes: string) {
  await choose(page, task, 'Notes')
  await notesField(page).fill(notes)
  await notesField(page).press('Control+Enter')
}

/** The titles of what is to be done, in order. */
export async function titles(page: Page) {
  return page.locator('ul.tasks[aria-label="Tasks"] .task-title').allTextContents()
}

/** Waits until what is to be done are these, in this order. */
export async function sees(page: Page, ...expected: string[]) {
  await expect(page.locator('ul.tasks[aria-label="Tasks"] .task-title')).toHaveText(expected)
}

/** Waits until what is completed are these, the latest first. */
export async function seesCompleted(page: Page, ...expected: string[]) {
  await expect(page.locator('ul.tasks[aria-label="Completed tasks"] .task-title')).toHaveText(expected)
}

/** Deletes the teaching tasks, so that a list holds what the test puts there. */
export async function clearTeaching(page: Page) {
  const list = (await listPath(page)).split('/').pop()
  const tasks = await page.locator('.task-check').evaluateAll((checks) => checks.map((check) => (check as HTMLButtonElement).value))
  await ask(page, ...tasks.map((task) => ({ list: [list, { delete: { task } }] })))
  await sees(page)
}

/** Pastes a text into what has the focus, as from another program. */
export async function paste(page: Page, text: string) {
  await page.evaluate((text) => {
    const field = document.activeElement as HTMLInputElement
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    // What nobody took is the browser's to put in.
    if (field.dispatchEvent(event)) document.execCommand('insertText', false, text)
  }, text)
}

/** The path of the list that is shown. */
export async function listPath(page: Page) {
  const share = await page.getByRole('link', { name: 'Share', exact: true }).getAttribute('href')
  return share!.replace(/\/share$/, '')
}

/** Opens the page of who is in the list that is shown, in a tab of its own. */
export async function openShare(page: Page) {
  const tab = await page.context().newPage()
  await tab.goto(`${new URL(page.url()).origin}${await listPath(page)}/share`)
  return tab
}

/** Asks to put every task of the list into the trash, as the form on its share page does. */
export async function clearList(page: Page) {
  const path = await listPath(page)
  await page.goto(`${path}/share`)
  await page.getByText('Clear the list').click()
  await page.getByRole('button', { name: 'Move all tasks to the trash' }).click()
  await expect(page).toHaveURL(new RegExp(`${path}$`))
}

/** Opens the trash of the list that is shown by the link on its share page, in a tab of its own. */
export async function openTrash(page: Page) {
  const tab = await openShare(page)
  await tab.getByRole('link', { name: 'Open the trash' }).click()
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText(/^Trash of “.*”$/)
  return tab
}

/** A new share link of the list that is shown, made in a tab of its own. */
export async function shareLink(page: Page, may: 'Can edit' | 'Can view' = 'Can edit') {
  const tab = await openShare(page)
  const link = await makeLink(tab, may)
  await tab.close()
  return link
}

/** Makes a link on the page of who is in a list; its address. */
export async function makeLink(share: Page, may: 'Can edit' | 'Can view' = 'Can edit') {
  const another = share.getByText('Another link', { exact: true })
  if (await another.isVisible()) await another.click()
  await share.getByRole('radio', { name: may }).check()
  await share.getByRole('button', { name: /^Create (a|another) link$/ }).click()
  const link = share.getByRole('textbox', { name: 'Share link' })
  await expect(link).toHaveValue(/\/join#\S+$/)
  return link.inputValue()
}

/** Types the code of a list, or its whole link, where that is asked for. */
export async function joinByCode(page: Page, code: string) {
  await page.goto('/join')
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await page.getByRole('button', { name: 'Join the list' }).click()
}

/** Opens what can be done about a member, by their name. */
export async function openMember(share: Page, name: string | RegExp) {
  const summary = share.getByRole('region', { name: 'People' }).locator('summary').filter({ hasText: name })
  if ((await summary.locator('..').getAttribute('open')) === null) await summary.click()
}

/** Opens the operator's page and gives a code there. */
async function giveCode(page: Page, code: string) {
  await page.goto('/admin/live')
  await page.getByRole('textbox', { name: 'Operator code' }).fill(code)
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** Gives the operator code where it is asked for, and sees how it is going. */
export async function becomeOperator(page: Page, code: string) {
  await giveCode(page, code)
  await expect(page.getByRole('heading', { name: 'Server status' })).toBeVisible()
}

/** Opens the page of somebody with that name to sign in with. */
export async function openPerson(operator: Page, name: string) {
  await operator.goto('/admin/people')
  await operator.getByRole('searchbox', { name: 'Name' }).fill(name)
  await operator.getByRole('button', { name: 'Search' }).click()
  await operator.getByRole('link', { name, exact: true }).click()
}

/** Gives a word that is no operator code, and is told so; the word still stands there. */
export async function giveNonsense(page: Page) {
  await giveCode(page, 'nonsense')
  await expect(page.getByText('This is not an operator code')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Operator code' })).toHaveValue('nonsense')
}

/** Gives a code that is not the operator's, and is told so. */
export async function guessCode(page: Page) {
  await giveCode(page, '2222-2222-2222-2222')
  await expect(page.getByText('This code is wrong')).toBeVisible()
}

/** What stands under that name among the figures. */
export const figure = (page: Page, name: string) =>
  page.locator('.figure').filter({ has: page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) }) }).getByRole('definition')

/** The lines of the log that are shown. */
export const lines = (page: Page) => page.getByRole('log', { name: 'Log' }).getByRole('listitem').filter({ visible: true })

/** A password that is good enough. */
export const PASSWORD = 'nine lamps over the quay'

/** Makes the guest an account. */
export async function signUp(page: Page, name: string) {
  await page.goto('/sign-up')
  await giveName(page, name)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(composer(page)).toBeVisible()
}

/** Signs in. */
export async function signIn(page: Page, name: string) {
  await trySignIn(page, name)
  await expect(composer(page)).toBeVisible()
}

/** The same, whatever comes of it. */
export async function trySignIn(page: Page, name: string) {
  await page.goto('/sign-in')
  await giveName(page, name)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function giveName(page: Page, name: string) {
  await page.getByRole('textbox', { name: 'Name or e-mail address' }).fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
}
