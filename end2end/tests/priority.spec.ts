// How urgent a task is: by key, by menu, for everyone on the list, and taken back.
import { type Page, expect } from '@playwright/test'
import { test } from '../support/test.ts'
import { addTask, clearTeaching, row, sees, set, settled, title } from '../support/verbs.ts'

/** Waits until the task shows that priority: a number, not only a colour. */
async function has(page: Page, task: string, priority: number | undefined) {
  const mark = row(page, task).getByRole('img', { name: /Priority/ })
  if (priority === undefined) return expect(mark).toHaveCount(0)
  await expect(mark).toHaveAccessibleName(`Priority ${priority}`)
  await expect(mark).toHaveText(`P${priority}`)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
})

test('two people see a priority that is set by a key, by the menu, and removed', async ({ alice, bob }) => {
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('1')
  await has(alice, 'Milk', 1)
  await has(bob, 'Milk', 1)
  await expect(title(alice, 'Milk')).toBeFocused()

  await set(bob, 'Milk', 'Priority 3')
  await has(alice, 'Milk', 3)
  await has(alice, 'Bread', undefined)

  await title(alice, 'Milk').focus()
  await alice.keyboard.press('0')
  await has(bob, 'Milk', undefined)
  await settled(alice)
  await alice.reload()
  await has(alice, 'Milk', undefined)
})

test('undo takes a priority back, but never what somebody else has set since', async ({ alice, bob }) => {
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('2')
  await has(bob, 'Milk', 2)
  await alice.getByRole('button', { name: 'Undo' }).click()
  await has(bob, 'Milk', undefined)

  await title(alice, 'Milk').focus()
  await alice.keyboard.press('2')
  await has(bob, 'Milk', 2)
  await set(bob, 'Milk', 'Priority 4')
  await has(alice, 'Milk', 4)
  await alice.getByRole('button', { name: 'Undo' }).click()
  await expect(alice.getByText('Somebody changed this in the meantime')).toBeVisible()
  await has(bob, 'Milk', 4)
})
