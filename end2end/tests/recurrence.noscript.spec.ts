// What comes again, without script: by a line, on the page of the task, and completed.
import { expect, test } from '../support/test.ts'
import { TEACHING, check, composer, row, title } from '../support/verbs.ts'

test('a task repeats by its page, in words, and completing it makes one next', async ({ alice }) => {
  const task = TEACHING[1]!
  await title(alice, task).click()
  await alice.getByLabel('Repeats').fill('now and then')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(alice.getByText('“now and then” is not understood as a repetition')).toBeVisible()
  await expect(alice.getByLabel('Repeats')).toHaveValue('now and then')
  await alice.getByLabel('Repeats').fill('every 2 weeks')
  await alice.getByRole('button', { name: 'Save' }).click()
  const mark = row(alice, task).getByRole('img', { name: /^Due .*, repeats$/ })
  await expect(mark).toBeVisible()
  const first = await mark.textContent()
  await title(alice, task).click()
  await expect(alice.getByLabel('Repeats')).toHaveValue('every 2 weeks')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveText(first!)

  // Other words count from the day that it has.
  await title(alice, task).click()
  await alice.getByLabel('Repeats').fill('every 3 weeks')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveText(first!)

  await check(alice, task).first().click()
  await expect(alice.locator('.task', { hasText: task })).toHaveCount(2)
  await expect(mark.first()).not.toHaveText(first!)
})

test('without a day it no longer repeats', async ({ alice }) => {
  const task = TEACHING[1]!
  await title(alice, task).click()
  await alice.getByLabel('Repeats').fill('every day')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(row(alice, task).getByRole('img', { name: /, repeats$/ })).toBeVisible()
  await title(alice, task).click()
  await alice.getByLabel('Due date').fill('')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(row(alice, task).getByRole('img', { name: /^Due/ })).toHaveCount(0)
  await title(alice, task).click()
  await expect(alice.getByLabel('Repeats')).toHaveValue('')
})

test('a line says that a task comes again', async ({ alice }) => {
  await composer(alice).fill('Bins out every Friday')
  await composer(alice).press('Enter')
  await expect(row(alice, 'Bins out').getByRole('img', { name: /^Due .*, repeats$/ })).toBeVisible()
})
