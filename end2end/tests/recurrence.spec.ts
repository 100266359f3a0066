// What comes again: by a line, by the menu, for everyone on the list, completed, skipped, and taken back.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, details, row, sees, set, settled } from '../support/verbs.ts'

const mark = (page: Page, task: string) => row(page, task).getByRole('img', { name: /^Due .*, repeats$/ })

/** Waits until so many of that title are to be done, and so many are done. */
async function counts(page: Page, task: string, open: number, done: number) {
  const of = (part: string) => page.locator(`ul.tasks[aria-label="${part}"] .task-title`, { hasText: task })
  await expect(of('Tasks')).toHaveCount(open)
  await expect(of('Completed tasks')).toHaveCount(done)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Bread')
  await sees(bob, 'Bread')
})

test('a line says that a task comes again, and completing it makes one next for everyone', async ({ alice, bob }) => {
  await composer(alice).fill('Water the plants every day')
  await expect(alice.getByRole('button', { name: 'Every day. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await expect(mark(alice, 'Water the plants')).toHaveText('Today')
  await expect(mark(bob, 'Water the plants')).toHaveText('Today')
  await check(bob, 'Water the plants').click()
  await expect(bob.getByText('Completed “Water the plants”. Next: Tomorrow.')).toBeVisible()
  await counts(alice, 'Water the plants', 1, 1)
  await expect(mark(alice, 'Water the plants').first()).toHaveText('Tomorrow')
  await settled(bob)
  await bob.reload()
  await counts(bob, 'Water the plants', 1, 1)
})

test('what is taken back is as it was, and one that comes next is gone', async ({ alice, bob }) => {
  await addTask(alice, 'Pay rent every month')
  await check(alice, 'Pay rent').click()
  await counts(bob, 'Pay rent', 1, 1)
  await alice.getByRole('button', { name: 'Undo' }).click()
  await counts(bob, 'Pay rent', 1, 0)
  await expect(mark(bob, 'Pay rent')).toHaveText('Today')
})

test('by keyboard the focus goes on to the next one', async ({ alice }) => {
  await addTask(alice, 'Pay rent every month')
  await check(alice, 'Pay rent').focus()
  await alice.keyboard.press('Space')
  await counts(alice, 'Pay rent', 1, 1)
  await expect(mark(alice, 'Pay rent').first()).not.toHaveText('Today')
  await expect(check(alice, 'Pay rent').first()).toBeFocused()
})

test('without a day it no longer repeats, and each step is taken back', async ({ alice, bob }) => {
  await addTask(alice, 'Pay rent every month')
  const undo = alice.getByRole('button', { name: 'Undo' }).first()
  await details(alice, 'Pay rent')
  await alice.getByRole('button', { name: 'Skip this time' }).click()
  await expect(mark(bob, 'Pay rent')).not.toHaveText('Today')
  await undo.click()
  await expect(mark(bob, 'Pay rent')).toHaveText('Today')

  await alice.keyboard.press('Escape')
  await set(alice, 'Pay rent', 'No date')
  await expect(alice.getByText('“Pay rent” is no longer due, and no longer repeats.')).toBeVisible()
  await expect(mark(bob, 'Pay rent')).toHaveCount(0)
  await undo.click()
  await expect(mark(bob, 'Pay rent')).toHaveText('Today')

  await details(alice, 'Bread')
  await alice.getByRole('combobox', { name: 'Repeats' }).fill('every day')
  await alice.getByRole('combobox', { name: 'Repeats' }).press('Enter')
  await expect(mark(bob, 'Bread')).toHaveText('Today')
  await undo.click()
  await expect(row(bob, 'Bread').getByRole('img', { name: /^Due/ })).toHaveCount(0)
})

test('a task repeats in words that are typed into all of it, skips one time, and ends it', async ({ alice, bob }) => {
  await details(alice, 'Bread')
  const field = alice.getByRole('combobox', { name: 'Repeats' })
  await field.fill('now and then')
  await field.press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'This is not understood' })).toBeVisible()
  await field.fill('every 3 days')
  await field.press('Enter')
  await expect(field).toBeFocused()
  await expect(mark(bob, 'Bread')).toHaveText('Today')

  await details(bob, 'Bread')
  await expect(bob.getByRole('combobox', { name: 'Repeats' })).toHaveValue('every 3 days')
  await bob.getByRole('button', { name: 'Skip this time' }).click()
  await expect(bob.getByText(/^Skipped “Bread”/)).toBeVisible()
  await expect(mark(alice, 'Bread')).not.toHaveText('Today')
  await counts(alice, 'Bread', 1, 0)

  await details(alice, 'Bread')
  await alice.getByRole('combobox', { name: 'Repeats' }).fill('')
  await alice.getByRole('combobox', { name: 'Repeats' }).press('Enter')
  await expect(mark(bob, 'Bread')).toHaveCount(0)
  await check(bob, 'Bread').click()
  await counts(alice, 'Bread', 0, 1)
})

test('two people who complete the same one, one of them without a network, make one next', async ({ alice, bob }) => {
  await addTask(alice, 'Bins out every week')
  await expect(mark(bob, 'Bins out')).toHaveText('Today')
  await settled(alice)
  await bob.context().setOffline(true)
  await check(bob, 'Bins out').click()
  await counts(bob, 'Bins out', 1, 1)
  await check(alice, 'Bins out').click()
  await counts(alice, 'Bins out', 1, 1)
  await settled(alice)
  await bob.context().setOffline(false)
  await settled(bob)
  await counts(bob, 'Bins out', 1, 1)
  await counts(alice, 'Bins out', 1, 1)
})
