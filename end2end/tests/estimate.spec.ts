// How long a task takes: by a line, in all of a task, for everyone on the list, and taken back.
import { expect, test, type Page } from '../support/test.ts'
import { addTask, clearTeaching, composer, details, sees } from '../support/verbs.ts'

/** The field for the estimate, in the open panel of a task. */
const field = (page: Page) => page.getByRole('textbox', { name: 'Estimate' })

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('a line says how long a task takes', async ({ alice, bob }) => {
  await composer(alice).fill('Read for 1 h 30 min')
  await expect(alice.getByRole('button', { name: 'Takes 1 h 30 min. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Read')
  await details(bob, 'Read')
  await expect(field(bob)).toHaveValue('1 h 30 min')

  // A click on it makes it text again.
  await composer(alice).fill('Boil eggs for 10 min')
  await alice.getByRole('button', { name: 'Takes 10 min. Keep as text' }).click()
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Read', 'Boil eggs for 10 min')
})

test('an estimate is typed in words or minutes, followed, removed and taken back', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  await details(bob, 'Milk')
  await field(alice).fill('2 hours')
  await field(alice).press('Enter')
  await expect(field(alice)).toHaveValue('2 h')
  await expect(field(alice)).toBeFocused()
  await expect(field(bob)).toHaveValue('2 h')
  await field(alice).fill('45')
  await field(alice).blur()
  await expect(field(bob)).toHaveValue('45 min')
  await bob.getByRole('button', { name: 'No estimate' }).click()
  await expect(field(alice)).toHaveValue('')
  await bob.getByRole('button', { name: 'Undo' }).click()
  await expect(field(alice)).toHaveValue('45 min')

  await field(alice).fill('soon')
  await field(alice).press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'This is not understood. Try “30 min” or “2 h”.' })).toBeVisible()
  await expect(field(bob)).toHaveValue('45 min')
  // Words that were not set are given back.
  await alice.getByRole('button', { name: 'Close' }).click()
  await expect(alice.locator('.kept')).toHaveText('soon')
})
