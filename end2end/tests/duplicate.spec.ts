// A task once more, with all that is set of it and its subtasks, for everyone on the list.
import { expect } from '@playwright/test'
import { test } from '../support/test.ts'
import { addTask, choose, clearTeaching, complete, composer, row, sees, settled, title, writeNotes } from '../support/verbs.ts'

test('a task is duplicated with its subtasks, to be done again, and one undo takes all of it back', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await composer(alice).focus()
  await expect(alice.locator('.composer-mirror')).toBeAttached()
  await addTask(alice, 'Pack p1 @trip', 'Passport', 'Tent', 'Home')
  for (const task of ['Passport', 'Tent']) {
    await title(alice, task).focus()
    await alice.keyboard.press('Alt+ArrowRight')
    await expect(row(alice, task)).toHaveAttribute('aria-level', '2')
  }
  await writeNotes(alice, 'Tent', 'The small one')
  await complete(alice, 'Passport')
  await sees(bob, 'Pack', 'Tent', 'Home')
  await choose(alice, 'Pack', 'Duplicate')
  await sees(bob, 'Pack', 'Tent', 'Pack', 'Passport', 'Tent', 'Home')
  const copy = row(bob, 'Pack').nth(1)
  await expect(copy.getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await expect(copy.getByText('trip')).toBeVisible()
  await expect(copy.getByRole('img', { name: '0 of 2 subtasks done' })).toBeVisible()
  await expect(row(bob, 'Tent').nth(1).getByRole('button', { name: 'Notes' })).toBeVisible()
  await expect(alice.getByText('Duplicated “Pack”.')).toBeVisible()
  await settled(alice)
  await alice.getByRole('button', { name: 'Undo' }).last().click()
  await sees(bob, 'Pack', 'Tent', 'Home')
})
