// The day after which it is too late: by a line, in all of a task, for everyone on the list, and taken back.
import { expect, test, type Page } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, details, row, sees } from '../support/verbs.ts'

const mark = (page: Page, task: string) => row(page, task).getByRole('img', { name: /^Deadline/ })

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('a line says a deadline between braces, beside the day on which it is planned', async ({ alice, bob }) => {
  await composer(alice).fill('Tax return tomorrow {1 March 2031}')
  await expect(alice.getByRole('button', { name: 'Deadline 1 Mar 2031. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await expect(mark(bob, 'Tax return')).toHaveText('1 Mar 2031')
  await expect(row(bob, 'Tax return').getByRole('img', { name: /^Due/ })).toHaveText('Tomorrow')
})

test('a deadline is set, removed and taken back, and one that comes again has it as far from its day', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  const panel = alice.getByRole('region', { name: 'Milk' })
  await panel.getByRole('textbox', { name: 'Deadline' }).fill('2031-03-01')
  await expect(mark(bob, 'Milk')).toHaveText('1 Mar 2031')
  await panel.getByRole('button', { name: 'No deadline' }).click()
  await expect(mark(bob, 'Milk')).toHaveCount(0)
  await alice.getByRole('button', { name: 'Undo' }).last().click()
  await expect(mark(bob, 'Milk')).toHaveText('1 Mar 2031')
  await alice.keyboard.press('Escape')

  await addTask(alice, 'Pay rent every day {tomorrow}')
  await expect(mark(bob, 'Pay rent')).toHaveText('Tomorrow')
  await check(bob, 'Pay rent').click()
  const next = bob.locator('ul.tasks[aria-label="Tasks"] .task', { hasText: 'Pay rent' })
  await expect(next.getByRole('img', { name: /^Due/ })).toHaveText('Tomorrow')
  await expect(next.getByRole('img', { name: /^Deadline/ })).not.toHaveText('Tomorrow')
})
