// Subtasks without script: added, moved in and out, and shown.
import { expect, test } from '../support/test.ts'
import { TEACHING, row, sees, title } from '../support/verbs.ts'

test('a subtask is added on the page of its task, and moved out and in', async ({ alice }) => {
  await title(alice, TEACHING[0]!).click()
  await alice.getByRole('textbox', { name: 'Subtask' }).fill('Balloons')
  await alice.getByRole('button', { name: 'Add', exact: true }).click()
  await sees(alice, TEACHING[0]!, 'Balloons', TEACHING[1]!, TEACHING[2]!)
  await expect(row(alice, 'Balloons')).toHaveAttribute('aria-level', '2')
  await expect(row(alice, TEACHING[0]!).getByRole('img', { name: '0 of 1 subtasks done' })).toBeVisible()

  await title(alice, 'Balloons').click()
  await expect(alice.getByText('Subtask of')).toContainText(TEACHING[0]!)
  await alice.getByRole('button', { name: 'Move out' }).click()
  await expect(row(alice, 'Balloons')).not.toHaveAttribute('aria-level')
  await title(alice, 'Balloons').click()
  await alice.getByRole('button', { name: 'Make it a subtask' }).click()
  await expect(row(alice, 'Balloons')).toHaveAttribute('aria-level', '2')
  await title(alice, TEACHING[0]!).click()
  await alice.getByRole('link', { name: 'Balloons' }).click()
  await expect(alice.getByRole('textbox', { name: 'Title' })).toHaveValue('Balloons')
})
