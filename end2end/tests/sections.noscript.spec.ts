// Sections by forms, with JavaScript off.
import { expect, test } from '../support/test.ts'
import { row, sees, title } from '../support/verbs.ts'

test('a section is added, filled, left and made a task by forms', async ({ alice }) => {
  await alice.getByRole('textbox', { name: 'New section' }).fill('Kitchen')
  await alice.getByRole('textbox', { name: 'New section' }).press('Enter')
  await expect(row(alice, 'Kitchen')).toHaveAttribute('data-section', '')
  await alice.getByRole('textbox', { name: 'Add a task' }).fill('Bread /kitchen')
  await alice.getByRole('button', { name: 'Add', exact: true }).first().click()
  await expect(row(alice, 'Bread')).toBeVisible()
  const before = (await alice.locator('ul.tasks[aria-label="Tasks"] .task-title').allTextContents()).slice(0, -2)
  await sees(alice, ...before, 'Kitchen', 'Bread')
  // On the page of the task it is moved out and in again.
  await title(alice, 'Bread').click()
  await expect(alice.getByText('In the section Kitchen')).toBeVisible()
  await alice.getByRole('combobox', { name: 'Section' }).selectOption('No section')
  await alice.getByRole('button', { name: 'Move to the section' }).click()
  await sees(alice, ...before, 'Bread', 'Kitchen')
  await title(alice, 'Bread').click()
  await alice.getByRole('combobox', { name: 'Section' }).selectOption('Kitchen')
  await alice.getByRole('button', { name: 'Move to the section' }).click()
  await sees(alice, ...before, 'Kitchen', 'Bread')
  // On its own page a section is a task again, with that subtask.
  await title(alice, 'Kitchen').click()
  await expect(alice.getByRole('heading', { name: 'Edit section' })).toBeVisible()
  await expect(alice.getByLabel('Due date')).toHaveCount(0)
  await alice.getByRole('button', { name: 'Make it a task' }).click()
  await expect(row(alice, 'Kitchen').getByRole('checkbox')).toBeVisible()
  await expect(row(alice, 'Bread')).toHaveAttribute('aria-level', '2')
})

test('a name that is refused comes back', async ({ alice }) => {
  const field = alice.getByRole('textbox', { name: 'New section' })
  await field.fill('x'.repeat(600))
  await field.press('Enter')
  await expect(field).toHaveValue('x'.repeat(600))
  await expect(alice.locator('.add-section .field-error')).not.toBeEmpty()
})
