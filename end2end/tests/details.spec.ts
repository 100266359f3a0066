// All of a task, beside the list: opened by the menu and by key, followed while others change it, and closed with nothing lost.
import { expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, details, row, sees, set, settled, title } from '../support/verbs.ts'

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
})

test('it shows what others change while it is open', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  const panel = alice.getByRole('region', { name: 'Milk' })
  await set(bob, 'Milk', 'Priority 2')
  await expect(panel.getByRole('button', { name: 'Priority 2' })).toHaveAttribute('aria-pressed', 'true')
  await set(bob, 'Milk', 'Tomorrow')
  await expect(panel.getByRole('textbox', { name: 'Due date' })).toHaveValue(/^\d{4}-\d\d-\d\d$/)
  await details(bob, 'Milk')
  await bob.getByRole('textbox', { name: 'Notes' }).fill('Two litres')
  await bob.getByRole('button', { name: 'Close' }).click()
  await expect(panel.getByRole('textbox', { name: 'Notes' })).toHaveValue('Two litres')
  await title(bob, 'Milk').click()
  await bob.getByRole('textbox', { name: 'Title', exact: true }).fill('Oat milk')
  await bob.getByRole('textbox', { name: 'Title', exact: true }).press('Enter')
  await expect(alice.getByRole('region', { name: 'Oat milk' })).toBeVisible()
})

test('each of it is set there, and one step is one undo', async ({ alice, bob }) => {
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('o')
  const panel = alice.getByRole('region', { name: 'Milk' })
  await panel.getByRole('button', { name: 'Priority 1' }).click()
  await panel.getByRole('textbox', { name: 'Due date' }).fill('2031-03-01')
  await expect(row(bob, 'Milk').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await expect(row(bob, 'Milk').getByRole('img', { name: /^Due/ })).toHaveText('1 Mar 2031')
  await panel.getByRole('combobox', { name: 'Repeats' }).fill('every day')
  await panel.getByRole('button', { name: 'Repeat', exact: true }).click()
  await expect(row(bob, 'Milk').getByRole('img', { name: /repeats$/ })).toBeVisible()
  await panel.getByRole('button', { name: 'No date' }).click()
  await expect(row(bob, 'Milk').getByRole('img', { name: /^Due/ })).toHaveCount(0)
  await alice.getByRole('button', { name: 'Undo' }).last().click()
  await expect(row(bob, 'Milk').getByRole('img', { name: /repeats$/ })).toBeVisible()
})

test('words in its notes are saved when it is closed, and by opening another', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await alice.getByRole('textbox', { name: 'Notes' }).fill('Two litres')
  await alice.getByRole('textbox', { name: 'Notes' }).press('Escape')
  await expect(alice.getByRole('region', { name: 'Milk' })).toHaveCount(0)
  await expect(title(alice, 'Milk')).toBeFocused()
  await details(alice, 'Milk')
  await alice.getByRole('textbox', { name: 'Notes' }).fill('Three litres')
  await details(alice, 'Bread')
  await settled(alice)
  await details(bob, 'Milk')
  await expect(bob.getByRole('textbox', { name: 'Notes' })).toHaveValue('Three litres')
})

test('what is written there is kept where somebody completes the task meanwhile', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await alice.getByRole('textbox', { name: 'Notes' }).fill('Half a thought')
  await check(bob, 'Milk').click()
  await expect(alice.getByRole('region', { name: 'Milk' })).toHaveCount(0)
  await expect(alice.getByText('Half a thought')).toBeVisible()
})

test('all of it can be opened by itself, and deleted', async ({ alice, bob }) => {
  await details(alice, 'Bread')
  await expect(alice.getByRole('link', { name: 'Open by itself' })).toHaveAttribute('href', /^\/lists\/[^/]+\/task\?task=[^/]+$/)
  await alice.getByRole('region', { name: 'Bread' }).getByRole('button', { name: 'Delete' }).click()
  await sees(bob, 'Milk')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(bob, 'Milk', 'Bread')
})
