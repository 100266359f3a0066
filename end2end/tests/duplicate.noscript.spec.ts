// A task once more, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, sees, title } from '../support/verbs.ts'

test('a task is duplicated on its page, with its subtasks', async ({ alice }) => {
  const [first, second, third] = TEACHING as [string, string, string]
  await title(alice, first).click()
  await alice.getByRole('textbox', { name: 'Subtask' }).fill('Balloons')
  await alice.getByRole('button', { name: 'Add', exact: true }).click()
  await title(alice, first).click()
  await alice.getByRole('button', { name: 'Duplicate' }).click()
  await sees(alice, first, 'Balloons', first, 'Balloons', second, third)
  await expect(alice.locator('ul.tasks > .task[aria-level="2"]')).toHaveCount(2)
})
