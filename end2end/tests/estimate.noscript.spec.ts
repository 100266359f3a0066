// How long a task takes, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, title } from '../support/verbs.ts'

test('an estimate is typed on the page of the task, and said in a line', async ({ alice }) => {
  const field = alice.getByLabel('Estimate in minutes')
  await title(alice, TEACHING[1]!).click()
  await field.fill('90')
  await alice.getByRole('button', { name: 'Save' }).click()
  await title(alice, TEACHING[1]!).click()
  await expect(field).toHaveValue('90')
  await field.fill('')
  await alice.getByRole('button', { name: 'Save' }).click()
  await title(alice, TEACHING[1]!).click()
  await expect(field).toHaveValue('')
  await alice.getByRole('link', { name: 'Back to the list' }).click()
  await composer(alice).fill('Read for half an hour')
  await composer(alice).press('Enter')
  await title(alice, 'Read').click()
  await expect(field).toHaveValue('30')
})
