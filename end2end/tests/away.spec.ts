// "While you were away": who comes back is told what others did, and what they changed is marked until it was seen.
import { ask, id as newId } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, complete, composer, listPath, retitle, row, sees, settled, title } from '../support/verbs.ts'

const MINUTE = 60_000
const panel = (page: Page) => page.getByRole('region', { name: /^While you were away/ })
/** What is marked, but for what is folded away. */
const marked = (page: Page) => page.locator('.task[data-away="unseen"] > .task-title').filter({ visible: true })

/** Leaves the list, once the browser knows that it was looked at. */
async function leave(page: Page) {
  const list = (await listPath(page)).split('/').pop()!
  await expect.poll(() => page.evaluate(() => localStorage.getItem('tandem-seen') ?? '')).toContain(list)
  const address = page.url()
  await page.goto('/me')
  return address
}

/** So much time passes, for that browser. */
async function pass(page: Page, minutes: number) {
  await page.clock.setSystemTime((await page.evaluate(() => Date.now())) + minutes * MINUTE)
}

/**
 * Comes back to that list after so many minutes, and from there on time stands still, so that no mark goes by itself.
 */
async function comeBackSlowly(page: Page, address: string, minutes: number) {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + minutes * MINUTE)
  await page.goto(address)
  await expect(async () => {
    await page.clock.runFor(500)
    await expect(panel(page)).toBeVisible({ timeout: 500 })
  }).toPass()
}

/** Comes back to that list, after so many minutes. */
async function comeBack(page: Page, address: string, minutes: number) {
  await pass(page, minutes)
  await page.goto(address)
  await settled(page)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread', 'Eggs')
  await sees(bob, 'Milk', 'Bread', 'Eggs')
})

test('who comes back is told who did what, and each changed row is marked until it was seen', async ({ alice, bob }) => {
  const list = await leave(bob)
  await addTask(alice, 'Tea', 'Oats')
  await complete(alice, 'Milk')
  await title(alice, 'Bread').focus()
  await alice.keyboard.press('Delete')
  await settled(alice)
  await comeBackSlowly(bob, list, 10)
  await expect(panel(bob)).toContainText('added “Tea” and “Oats”, completed “Milk”, deleted “Bread”')
  await expect(panel(bob).locator('time')).toHaveText(/since \d/)
  await expect(marked(bob)).toHaveText(['Tea', 'Oats'])
  await expect(title(bob, 'Tea'), 'also for those who do not see the mark').toHaveAccessibleDescription('changed while you were away')
  await expect(title(bob, 'Eggs')).toHaveAccessibleDescription('')
  await bob.clock.resume() // They are in sight for a moment.
  await expect(marked(bob)).toHaveCount(0)
  await expect(title(bob, 'Tea')).toHaveAccessibleDescription('')
  await expect(panel(alice)).toHaveCount(0)
})

test('the panel takes no focus, goes by keyboard, and does not come again', async ({ alice, bob }) => {
  const list = await leave(bob)
  await addTask(alice, 'Tea')
  await settled(alice)
  await pass(bob, 10)
  await bob.goto(list)
  await composer(bob).pressSequentially('Cof')
  await expect(panel(bob)).toBeVisible()
  await expect(composer(bob)).toBeFocused()
  await panel(bob).getByRole('button', { name: /^Dismiss/ }).focus()
  await bob.keyboard.press('Escape')
  await expect(panel(bob)).toHaveCount(0)
  await expect(composer(bob)).toBeFocused()
  await expect(composer(bob)).toHaveValue('Cof')
  await expect(marked(bob)).toHaveCount(0)
  const asked: string[] = []
  bob.on('request', (request) => request.url().includes('/catch-up') && asked.push(request.url()))
  await bob.reload()
  await settled(bob)
  await expect(title(bob, 'Tea')).toBeVisible()
  expect(asked.filter((url) => !url.endsWith('.js'))).toEqual([])
})

test('a mark stays where nobody has looked yet, over a reload too, and goes where the row is touched', async ({ alice, bob }) => {
  const id = (await listPath(alice)).split('/').pop()!
  const many = Array.from({ length: 80 }, (_, n) => ({ list: [id, { add_task: { task: newId(), title: `Task ${n}`, place: 'end' } }] }))
  await ask(alice, ...many)
  await expect(title(bob, 'Task 79')).toBeAttached()
  const list = await leave(bob)
  await retitle(alice, 'Milk', 'Oat milk')
  await retitle(alice, 'Task 70', 'Task seventy')
  await settled(alice)
  await comeBackSlowly(bob, list, 10)
  await expect(marked(bob)).toHaveText(['Oat milk', 'Task seventy'])
  await title(bob, 'Oat milk').focus()
  await expect(marked(bob), 'who is on a row has seen it').toHaveText(['Task seventy'])
  await bob.clock.resume()
  await panel(bob).getByRole('button', { name: /^Dismiss/ }).click()
  await bob.reload()
  await expect(marked(bob)).toHaveText(['Task seventy'])
  await expect(panel(bob), 'what was dismissed stays away').toHaveCount(0)
  await row(bob, 'Task seventy').scrollIntoViewIfNeeded()
  await expect(marked(bob)).toHaveCount(0)
})

test('a row that is drawn anew keeps its mark', async ({ alice, bob }) => {
  const list = await leave(bob)
  await retitle(alice, 'Eggs', 'Six eggs')
  await settled(alice)
  await comeBackSlowly(bob, list, 10)
  await expect(marked(bob)).toHaveText(['Six eggs'])
  await title(alice, 'Six eggs').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await bob.clock.runFor(100)
  await sees(bob, 'Milk', 'Six eggs', 'Bread')
  await expect(marked(bob)).toHaveText(['Six eggs'])
})

test('who looked away for a moment only is told nothing', async ({ alice, bob }) => {
  const list = await leave(bob)
  await addTask(alice, 'Tea')
  await settled(alice)
  await comeBack(bob, list, 3)
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')
  // It has looked whether there is anything to tell when it says that the list is seen up to here.
  const seen = () => bob.evaluate(() => JSON.parse(localStorage.getItem('tandem-seen') ?? '{}'))
  const before = JSON.stringify(await seen())
  await expect.poll(async () => JSON.stringify(await seen())).not.toBe(before)
  await expect(panel(bob)).toHaveCount(0)
  await expect(marked(bob)).toHaveCount(0)
})

test('what one did oneself, elsewhere, is no news', async ({ bob }) => {
  const list = await leave(bob)
  await ask(bob, { list: [new URL(list).pathname.split('/').pop(), { add_task: { task: newId(), title: 'From my phone', place: 'end' } }] })
  await pass(bob, 10)
  const answered = bob.waitForResponse((response) => /\/catch-up\?/.test(response.url()))
  await bob.goto(list)
  expect((await answered).status()).toBe(204)
  await expect(title(bob, 'From my phone')).toBeVisible()
  await expect(panel(bob)).toHaveCount(0)
  await expect(marked(bob)).toHaveCount(0)
})

test('a page that was out of sight for long is told when it is seen again', async ({ alice, bob }) => {
  const hidden = (value: boolean) =>
    bob.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true })
      Object.defineProperty(document, 'visibilityState', { value: value ? 'hidden' : 'visible', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, value)
  const list = (await listPath(bob)).split('/').pop()!
  await expect.poll(() => bob.evaluate(() => localStorage.getItem('tandem-seen') ?? '')).toContain(list)
  await hidden(true)
  await addTask(alice, 'Tea')
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')
  await pass(bob, 10)
  await hidden(false)
  await expect(panel(bob)).toContainText('added “Tea”')
  await expect(marked(bob)).toHaveText(['Tea'])
})

test('after very much it says so, and who it was', async ({ alice, bob }) => {
  const id = (await listPath(alice)).split('/').pop()!
  const task = await check(alice, 'Milk').getAttribute('value')
  const list = await leave(bob)
  const turns = Array.from({ length: 501 }, (_, n) => ({ list: [id, { set: { task, field: { title: `Milk ${n}` } } }] }))
  await ask(alice, ...turns)
  await comeBack(bob, list, 10)
  await expect(panel(bob)).toContainText(/A lot has changed, by .+\. This is the list as it is now\./)
  await expect(marked(bob)).toHaveCount(0)
})

test('after a backup was put back nothing wrong is said', async ({ alice, bob, server }) => {
  await settled(alice)
  await server.backUp()
  const list = await leave(bob)
  await server.restore()
  await comeBack(bob, list, 10)
  await expect(panel(bob)).toContainText('A lot may have changed.')
  await panel(bob).getByRole('button', { name: /^Dismiss/ }).click()
  await expect(panel(bob)).toHaveCount(0)
})
