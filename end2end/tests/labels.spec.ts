// Labels: by a line, by the menu, by key, for everyone on the list, and taken back.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, details, row, sees, settled, title } from '../support/verbs.ts'

/** Waits until the row has these labels, in that order. */
async function has(page: Page, task: string, ...labels: string[]) {
  await expect(row(page, task).getByRole('list', { name: 'Labels' }).getByRole('listitem')).toHaveText(labels)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('a line gives labels, those of the list are offered, and all see them', async ({ alice, bob }) => {
  await composer(alice).fill('Bread @shop tomorrow @at home')
  await expect(alice.getByRole('button', { name: 'Label shop. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await has(bob, 'Bread home', 'shop', 'at')

  await composer(bob).pressSequentially('Eggs @sh')
  await expect(bob.getByRole('list', { name: 'Suggestions' }).getByRole('button')).toHaveText(['@shop'])
  await bob.keyboard.press('Tab')
  await expect(composer(bob)).toHaveValue('Eggs @shop ')
  await bob.keyboard.press('Enter')
  await has(alice, 'Eggs', 'shop')

  // Backspace right behind it makes it text again.
  await composer(alice).fill('Tea @shop')
  await expect(alice.getByRole('button', { name: 'Label shop. Keep as text' })).toBeVisible()
  await composer(alice).press('Backspace')
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Bread home', 'Eggs', 'Tea @shop')
})

test('labels are pressed and typed in all of a task; each is taken back by itself', async ({ alice, bob }) => {
  const label = (page: Page, name: string) => page.getByRole('group', { name: 'Labels' }).getByRole('button', { name, exact: true })
  await details(alice, 'Milk')
  const field = alice.getByRole('textbox', { name: 'Label' })
  await field.fill(' ')
  await field.press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'Please type something first.' })).toBeVisible()
  await field.fill('in the kitchen')
  await field.press('Enter')
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('')
  await expect(label(alice, 'in the kitchen')).toHaveAttribute('aria-pressed', 'true')
  await has(bob, 'Milk', 'in the kitchen')

  await details(bob, 'Milk')
  await bob.getByRole('textbox', { name: 'Label' }).fill('@Soon')
  await bob.getByRole('button', { name: 'Add label' }).click()
  await has(alice, 'Milk', 'in the kitchen', 'Soon')
  // What others do is there in what is open.
  await expect(label(alice, 'Soon')).toHaveAttribute('aria-pressed', 'true')

  // Alice takes back hers, and Bob's stays.
  await alice.getByRole('button', { name: 'Undo' }).click()
  await has(bob, 'Milk', 'Soon')
  await alice.getByRole('button', { name: 'Close' }).click()

  await addTask(alice, 'Bread')
  await details(alice, 'Bread')
  await label(alice, 'Soon').click()
  await has(bob, 'Bread', 'Soon')
  await label(alice, 'Soon').click()
  await expect(row(bob, 'Bread').getByRole('list', { name: 'Labels' })).toHaveCount(0)
  await settled(alice)
  await alice.reload()
  await has(alice, 'Milk', 'Soon')
})

test('a label keeps its place and the focus, whoever puts it on or takes it off', async ({ alice, bob }) => {
  const labels = alice.getByRole('group', { name: 'Labels' }).locator('.choice-button')
  await addTask(alice, 'Bread @shop @Soon')
  await details(alice, 'Milk')
  await expect(labels).toHaveText(['shop', 'Soon'])
  await labels.nth(1).focus()
  await alice.keyboard.press('Enter')
  await expect(labels.nth(1)).toHaveAttribute('aria-pressed', 'true')
  await expect(labels).toHaveText(['shop', 'Soon'])
  await expect(labels.nth(1)).toBeFocused()
  await has(bob, 'Milk', 'Soon')

  // Another one comes before it.
  await details(bob, 'Milk')
  await bob.getByRole('textbox', { name: 'Label' }).fill('home')
  await bob.getByRole('textbox', { name: 'Label' }).press('Enter')
  await expect(labels).toHaveText(['home', 'shop', 'Soon'])
  await expect(labels.nth(2)).toBeFocused()
  await alice.keyboard.press('Enter')
  await expect(labels.nth(2)).toHaveAttribute('aria-pressed', 'false')
  await expect(labels.nth(2)).toBeFocused()
  await has(bob, 'Milk', 'home')
})

test('a label that is typed in pieces is one with the other spelling, and is taken back', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await alice.getByRole('textbox', { name: 'Label' }).fill('cafe\u0301')
  await alice.getByRole('textbox', { name: 'Label' }).press('Enter')
  await has(bob, 'Milk', 'caf\u00e9')
  await settled(alice)
  await alice.getByRole('button', { name: 'Undo' }).click()
  await expect(row(bob, 'Milk').getByRole('list', { name: 'Labels' })).toHaveCount(0)
  await alice.getByRole('button', { name: 'Close' }).click()
  await composer(alice).fill('Bread @cafe\u0301 @caf\u00e9')
  await composer(alice).press('Enter')
  await has(bob, 'Bread', 'caf\u00e9')
})

test('by key all of a task opens at the label, and what comes again keeps its labels', async ({ alice, bob }) => {
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('l')
  await expect(alice.getByRole('textbox', { name: 'Label' })).toBeFocused()
  await alice.keyboard.type('dairy')
  await alice.keyboard.press('Enter')
  await has(bob, 'Milk', 'dairy')
  await alice.keyboard.press('Escape')
  await addTask(alice, 'Water the plants every day @garden')
  await has(bob, 'Water the plants', 'garden')
  await check(alice, 'Water the plants').click()
  await expect(bob.locator('ul.tasks[aria-label="Completed tasks"] .task-title')).toHaveText(['Water the plants'])
  await expect(bob.locator('ul.tasks[aria-label="Tasks"] .task', { hasText: 'Water the plants' }).locator('.task-label')).toHaveText(['garden'])
})

test('a line ends with notes behind two strokes', async ({ alice, bob }) => {
  await composer(alice).fill('Call Ben p1 // about the roof')
  await expect(alice.getByRole('button', { name: 'Notes. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await expect(row(bob, 'Call Ben').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await row(bob, 'Call Ben').getByRole('button', { name: 'Notes' }).click()
  await expect(bob.getByRole('textbox', { name: 'Notes' })).toHaveValue('about the roof')
})

test('Tab goes on where a label is whole, in notes, and before anything is typed', async ({ alice }) => {
  await addTask(alice, 'Bread @home', 'Eggs @homework')
  for (const line of ['Tea @home', 'Tea // ask @ho', 'Tea @']) {
    await composer(alice).fill(line)
    await expect(composer(alice)).toBeFocused()
    await alice.keyboard.press('Tab')
    await expect(composer(alice)).not.toBeFocused()
    await expect(composer(alice)).toHaveValue(line)
  }
})
