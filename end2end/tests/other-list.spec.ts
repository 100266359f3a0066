// A task for another list, by the line.
import { type Page, expect, test } from '../support/test.ts'
import { clearTeaching, composer, listPath, paste, row, sees, settled } from '../support/verbs.ts'

/** Makes a list, and comes back. @returns the address where one was */
async function makeList(page: Page, name: string) {
  const here = await listPath(page)
  await page.getByRole('textbox', { name: 'New list' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await settled(page)
  const there = await listPath(page)
  await page.goto(here)
  await settled(page)
  return there
}

test.beforeEach(async ({ alice }) => {
  await clearTeaching(alice)
})

test('a line names another list, which a notice leads to, and one undo takes it back', async ({ alice, bob }) => {
  const there = await makeList(alice, 'Home and garden')
  await composer(alice).fill('Rake leaves tomorrow @autumn #Home and garden')
  await expect(alice.getByRole('button', { name: 'List Home and garden. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await expect(alice.getByText('Added to “Home and garden”.')).toBeVisible()
  await expect(composer(alice)).toHaveValue('')
  await composer(alice).fill('Bread')
  await composer(alice).press('Enter')
  await sees(bob, 'Bread')
  await sees(alice, 'Bread')
  await alice.getByRole('button', { name: 'Show' }).click()
  await sees(alice, 'Rake leaves')
  await expect(row(alice, 'Rake leaves')).toContainText('Tomorrow')
  await expect(row(alice, 'Rake leaves')).toContainText('autumn')
  expect(await listPath(alice)).toBe(there)
  await composer(alice).fill('Prune #Home and garden')
  await composer(alice).press('Enter')
  await sees(alice, 'Rake leaves', 'Prune')
})

test('it is taken back from here', async ({ alice }) => {
  const there = await makeList(alice, 'Garden')
  await composer(alice).fill('Rake #ga')
  await composer(alice).press('Tab')
  await expect(composer(alice)).toHaveValue('Rake #Garden ')
  await composer(alice).press('Enter')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await settled(alice)
  await alice.goto(there)
  await settled(alice)
  await expect(alice.getByRole('button', { name: 'Rake' })).toHaveCount(0)
})

test('lines that are pasted stay in this list, and so does a task that names it', async ({ alice, bob }) => {
  await makeList(alice, 'Garden')
  await composer(alice).click()
  await paste(alice, 'Rake leaves tomorrow #Garden\nBread p1')
  await sees(bob, 'Rake leaves tomorrow #Garden', 'Bread p1')
  await alice.getByRole('button', { name: 'Read dates and labels' }).click()
  await sees(bob, 'Rake leaves #Garden', 'Bread')
  await expect(row(bob, 'Rake leaves #Garden')).toContainText('Tomorrow')

  // A section that was chosen counts in the list that is shown, whether the line names it or not.
  await alice.getByRole('textbox', { name: 'New section' }).fill('Kitchen')
  await alice.keyboard.press('Enter')
  await alice.getByRole('button', { name: 'Add a task to Kitchen' }).click()
  await expect(alice.getByRole('button', { name: 'Section Kitchen. Add to no section' })).toBeVisible()
  await composer(alice).fill('Salt #My list')
  await expect(alice.getByRole('button', { name: 'Section Kitchen. Add to no section' })).toBeVisible()
  await composer(alice).fill('Salt #Garden')
  await expect(alice.getByRole('button', { name: 'Section Kitchen. Add to no section' })).toHaveCount(0)
})
