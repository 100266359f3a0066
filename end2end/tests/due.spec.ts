// When a task is due: by the menu, by its key, for everyone on the list, taken back, and as the days go by.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, listPath, row, sees, set, settled, title } from '../support/verbs.ts'

/** Waits until the task says when it is due, or says nothing of it. */
async function isDue(page: Page, task: string, words: string | undefined) {
  const mark = row(page, task).getByRole('img', { name: /^(Due|Overdue)/ })
  if (words === undefined) return expect(mark).toHaveCount(0)
  await expect(mark).toHaveText(words)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
})

test('two people see a day that is chosen in the menu, by keys alone, and removed', async ({ alice, bob }) => {
  await set(alice, 'Milk', 'Tomorrow')
  await isDue(alice, 'Milk', 'Tomorrow')
  await isDue(bob, 'Milk', 'Tomorrow')
  await expect(title(alice, 'Milk')).toBeFocused()
  await isDue(alice, 'Bread', undefined)

  await title(bob, 'Bread').focus()
  await bob.keyboard.press('d')
  await expect(bob.getByRole('menuitemradio', { name: 'Today' })).toBeFocused()
  await bob.keyboard.press('Enter')
  await isDue(alice, 'Bread', 'Today')
  await expect(title(bob, 'Bread')).toBeFocused()

  await bob.keyboard.press('o')
  await bob.getByRole('textbox', { name: 'Due date' }).fill('2031-03-01')
  await isDue(alice, 'Bread', '1 Mar 2031')
  await bob.keyboard.press('Escape')
  await expect(title(bob, 'Bread')).toBeFocused()
  await set(alice, 'Bread', 'No date')
  await isDue(bob, 'Bread', undefined)
  await settled(alice)
  await alice.reload()
  await isDue(alice, 'Milk', 'Tomorrow')
})

test('undo takes a day back, but never what somebody else has set since', async ({ alice, bob }) => {
  await set(alice, 'Milk', 'Today')
  await isDue(bob, 'Milk', 'Today')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await isDue(bob, 'Milk', undefined)

  await set(alice, 'Milk', 'Today')
  await isDue(bob, 'Milk', 'Today')
  await set(bob, 'Milk', 'Tomorrow')
  await isDue(alice, 'Milk', 'Tomorrow')
  await alice.getByRole('button', { name: 'Undo' }).first().click()
  await expect(alice.getByText('Somebody changed this in the meantime')).toBeVisible()
  await isDue(bob, 'Milk', 'Tomorrow')
})

test('what is due today is overdue tomorrow, on a page that stays open', async ({ alice, bob }) => {
  await set(alice, 'Milk', 'Today')
  await isDue(bob, 'Milk', 'Today')
  await bob.clock.setFixedTime(Date.now() + 24 * 60 * 60 * 1000)
  await bob.evaluate(() => dispatchEvent(new Event('pageshow')))
  await isDue(bob, 'Milk', 'Yesterday')
  await expect(row(bob, 'Milk').getByRole('img', { name: 'Overdue since Yesterday' })).toBeVisible()
  await isDue(alice, 'Milk', 'Today')
})

test('a day is where the reader is', async ({ newcomer }) => {
  // Both are the same moment, and never the same day.
  const [east, west] = await Promise.all(['Pacific/Kiritimati', 'Pacific/Pago_Pago'].map((timezoneId) => newcomer({ timezoneId })))
  for (const page of [east!, west!]) {
    await page.goto('/')
    await settled(page)
    await clearTeaching(page)
    await addTask(page, 'Milk')
    await set(page, 'Milk', 'Today')
    await isDue(page, 'Milk', 'Today')
  }
  const day = async (page: Page) => {
    const path = `${await listPath(page)}/task?task=${await check(page, 'Milk').getAttribute('value')}`
    return page.evaluate(async (path) => (await (await fetch(path)).text()).match(/field\[due\]" value="([^"]+)"/)![1], path)
  }
  await Promise.all([settled(east!), settled(west!)])
  expect(await day(east!)).not.toBe(await day(west!))
})
