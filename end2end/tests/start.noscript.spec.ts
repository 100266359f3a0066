// The day before which nobody need think of a task, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, title } from '../support/verbs.ts'

test('a start is chosen on the page of the task, and said in a line', async ({ alice }) => {
  await title(alice, TEACHING[1]!).click()
  await alice.getByLabel('Start').fill('2031-03-01')
  await alice.getByRole('button', { name: 'Save' }).click()
  await title(alice, TEACHING[1]!).click()
  await expect(alice.getByLabel('Start')).toHaveValue('2031-03-01')
  await alice.getByLabel('Start').fill('')
  await alice.getByRole('button', { name: 'Save' }).click()
  await title(alice, TEACHING[1]!).click()
  await expect(alice.getByLabel('Start')).toHaveValue('')
  await alice.getByRole('link', { name: 'Back to the list' }).click()
  await composer(alice).fill('Tax starting 1 March 2031')
  await composer(alice).press('Enter')
  await title(alice, 'Tax').click()
  await expect(alice.getByLabel('Start')).toHaveValue('2031-03-01')
})
