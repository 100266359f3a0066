// Several tasks are selected, and one bar does to all of them what is done to one; one undo takes it back.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, choose, clearTeaching, row, sees, seesCompleted, settled, shareLink, title, titleField } from '../support/verbs.ts'

const bar = (page: Page) => page.getByRole('group', { name: 'Selected tasks' })
const press = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true }).click()
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).last().click()

/** Waits until so many are selected, and which they are. */
async function selected(page: Page, ...titles: string[]) {
  await expect(page.locator('.task[data-selected] .task-title')).toHaveText(titles)
  if (titles.length) await expect(bar(page)).toContainText(`${titles.length} selected`)
  else await expect(bar(page)).toHaveCount(0)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread', 'Eggs', 'Tea')
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')
})

test('by clicks some are selected, and completed and deleted for all', async ({ alice, bob }) => {
  await title(alice, 'Milk').click({ modifiers: ['ControlOrMeta'] })
  await title(alice, 'Eggs').click({ modifiers: ['Shift'] })
  await selected(alice, 'Milk', 'Bread', 'Eggs')
  // From then on a click is enough, and opens nothing.
  await title(alice, 'Bread').click()
  await selected(alice, 'Milk', 'Eggs')
  await expect(titleField(alice)).toHaveCount(0)
  await press(alice, 'Complete')
  await sees(bob, 'Bread', 'Tea')
  await selected(alice)
  // The focus goes on below what is gone.
  await expect(title(alice, 'Tea')).toBeFocused()
  await undo(alice)
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')

  await choose(alice, 'Tea', 'Select')
  await title(alice, 'Bread').click()
  await press(alice, 'Delete')
  await sees(bob, 'Milk', 'Eggs')
  await expect(alice.getByText('Deleted 2 tasks.')).toBeVisible()
  await undo(alice)
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')
})

test('by keys alone some are selected, planned, labelled and assigned; each step is one undo', async ({ alice, bob }) => {
  await title(alice, 'Bread').focus()
  await alice.keyboard.press('x')
  await alice.keyboard.press('Shift+ArrowDown')
  await selected(alice, 'Bread', 'Eggs')
  // Further and back again.
  await alice.keyboard.press('Shift+ArrowDown')
  await selected(alice, 'Bread', 'Eggs', 'Tea')
  await alice.keyboard.press('Shift+ArrowUp')
  await selected(alice, 'Bread', 'Eggs')

  await alice.keyboard.press('2')
  for (const task of ['Bread', 'Eggs']) await expect(row(bob, task).getByRole('img', { name: 'Priority 2' })).toBeVisible()
  await title(alice, 'Eggs').focus()
  await alice.keyboard.press('d')
  await expect(bar(alice).getByRole('button', { name: 'Today' })).toBeFocused()
  await alice.keyboard.press('ArrowDown')
  await alice.keyboard.press('Enter')
  for (const task of ['Bread', 'Eggs']) await expect(row(bob, task).getByRole('img', { name: 'Due Tomorrow' })).toBeVisible()
  await selected(alice, 'Bread', 'Eggs')
  await undo(alice)
  await expect(bob.getByRole('img', { name: 'Due Tomorrow' })).toHaveCount(0)

  await title(alice, 'Eggs').focus()
  await alice.keyboard.press('l')
  await bar(alice).getByRole('textbox', { name: 'Label' }).fill('shop')
  await alice.keyboard.press('Enter')
  // It is the same whatever the case of its letters.
  await bar(alice).getByRole('textbox', { name: 'Label' }).fill('SHOP')
  await alice.keyboard.press('Enter')
  await expect(row(bob, 'Bread').getByRole('listitem')).toHaveText(['shop'])
  await expect(row(bob, 'Eggs').getByRole('listitem')).toHaveText(['shop'])
  await alice.keyboard.press('Escape')
  await expect(bar(alice).getByRole('textbox', { name: 'Label' })).toHaveCount(0)
  await selected(alice, 'Bread', 'Eggs')

  // Who has it already keeps it; pressed once more it is taken off all.
  await title(alice, 'Eggs').focus()
  await alice.keyboard.press('a')
  const person = bar(alice).getByRole('group', { name: 'Assign' }).getByRole('button').first()
  await person.press('Enter')
  await expect(person).toHaveAttribute('aria-pressed', 'true')
  for (const task of ['Bread', 'Eggs']) await expect(row(bob, task).getByRole('img', { name: /^Assigned to/ })).toBeVisible()
  await person.press('Enter')
  await expect(person).toHaveAttribute('aria-pressed', 'false')
  await expect(bob.getByRole('img', { name: /^Assigned to/ })).toHaveCount(0)

  await alice.keyboard.press('Escape')
  await alice.keyboard.press('Escape')
  await selected(alice)
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('ControlOrMeta+a')
  await selected(alice, 'Milk', 'Bread', 'Eggs', 'Tea')
  await alice.keyboard.press('Delete')
  await sees(bob)
  await alice.keyboard.press('ControlOrMeta+z')
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea')
})

test('they are moved together, into a section and back, with their subtasks', async ({ alice, bob }) => {
  await alice.getByRole('textbox', { name: 'New section' }).fill('Kitchen')
  await alice.keyboard.press('Enter')
  await title(alice, 'Bread').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea', 'Kitchen')
  await alice.keyboard.press('Control+a')
  await title(alice, 'Eggs').click()
  await selected(alice, 'Milk', 'Bread', 'Tea')
  await press(alice, 'Move')
  await press(alice, 'Kitchen')
  await sees(bob, 'Eggs', 'Kitchen', 'Milk', 'Bread', 'Tea')
  await expect(row(bob, 'Bread')).toHaveAttribute('aria-level', '2')
  await undo(alice)
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Tea', 'Kitchen')
  await expect(row(bob, 'Bread')).toHaveAttribute('aria-level', '2')
})

test('on a phone the menu begins it, and taps go on @phone', async ({ alice, bob }) => {
  await alice.getByRole('button', { name: 'More: Milk', exact: true }).click()
  await alice.getByRole('menuitem', { name: 'Select' }).click()
  await title(alice, 'Tea').click()
  await selected(alice, 'Milk', 'Tea')
  await press(alice, 'Priority')
  await press(alice, 'Priority 3')
  for (const task of ['Milk', 'Tea']) await expect(row(bob, task).getByRole('img', { name: 'Priority 3' })).toBeVisible()
  await press(alice, 'Select nothing')
  await selected(alice)
})

test('who may only look selects nothing', async ({ alice, newcomer }) => {
  const eve = await newcomer()
  await eve.goto(await shareLink(alice, 'Can view'))
  await eve.getByRole('button', { name: 'Join the list' }).click()
  await settled(eve)
  await title(eve, 'Milk').focus()
  await eve.keyboard.press('x')
  await eve.keyboard.press('Shift+ArrowDown')
  await expect(title(eve, 'Milk')).toBeFocused()
  await selected(eve)
})

test('what somebody deletes meanwhile is selected no more', async ({ alice, bob }) => {
  await title(alice, 'Milk').click({ modifiers: ['ControlOrMeta'] })
  await title(alice, 'Bread').click()
  await selected(alice, 'Milk', 'Bread')
  await choose(bob, 'Milk', 'Delete')
  await selected(alice, 'Bread')
  await check(bob, 'Bread').click()
  await seesCompleted(alice, 'Bread')
  await selected(alice)
  await settled(alice)
})
