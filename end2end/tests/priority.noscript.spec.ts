// How urgent a task is, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, row, title } from '../support/verbs.ts'

test('a priority is chosen on the page of the task, and shown in the list', async ({ alice }) => {
  const mark = row(alice, TEACHING[1]!).getByRole('img', { name: /Priority/ })
  await title(alice, TEACHING[1]!).click()
  await alice.getByRole('combobox', { name: 'Priority' }).selectOption('Priority 2')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveAccessibleName('Priority 2')
  await title(alice, TEACHING[1]!).click()
  await expect(alice.getByRole('combobox', { name: 'Priority' })).toHaveValue('2')
  await alice.getByRole('combobox', { name: 'Priority' }).selectOption('No priority')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveCount(0)
})
