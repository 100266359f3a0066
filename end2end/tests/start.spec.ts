// The day before which nobody need think of a task: by a line, in all of a task, for everyone on the list, and taken back.
import { expect, test, type Page } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, details, row, sees } from '../support/verbs.ts'

/** The field for the start, in the open panel of a task. */
const field = (page: Page) => page.getByRole('textbox', { name: 'Start', exact: true })

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('a line says when a task starts, beside the day on which it is due', async ({ alice, bob }) => {
  await composer(alice).fill('Tax return by 1 May 2031 starting 1 March 2031')
  await expect(alice.getByRole('button', { name: 'Starts 1 Mar 2031. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await expect(row(bob, 'Tax return').getByRole('img', { name: /^Due/ })).toHaveText('1 May 2031')
  await details(bob, 'Tax return')
  await expect(field(bob)).toHaveValue('2031-03-01')
  await bob.keyboard.press('Escape')
  // It is no sooner due for that: a row shows nothing of it.
  await expect(row(bob, 'Tax return').getByText('Mar')).toHaveCount(0)

  // A click on it makes it text again.
  await composer(alice).fill('Course starting tomorrow')
  await alice.getByRole('button', { name: /^Starts .*Keep as text$/ }).click()
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Tax return', 'Course starting tomorrow')
})

test('a start is set, followed, removed and taken back, and one that comes again has it as far from its day', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await details(bob, 'Milk')
  await field(alice).fill('2031-03-01')
  await expect(field(bob)).toHaveValue('2031-03-01')
  await alice.getByRole('button', { name: 'No start' }).click()
  await expect(field(bob)).toHaveValue('')
  await alice.getByRole('button', { name: 'Undo' }).last().click()
  await expect(field(bob)).toHaveValue('2031-03-01')
  await bob.getByRole('button', { name: 'Close' }).click()
  await alice.keyboard.press('Escape')

  await addTask(alice, 'Pay rent every day starting 10 June 2031 starting 9 June 2031')
  await expect(row(bob, 'Pay rent').getByRole('img', { name: /^Due/ })).toHaveText('10 Jun 2031')
  await check(bob, 'Pay rent').click()
  await expect(bob.locator('ul.tasks[aria-label="Completed tasks"] .task-title')).toHaveText(['Pay rent'])
  await details(alice, 'Pay rent')
  await expect(field(alice)).toHaveValue('2031-06-10')
})
