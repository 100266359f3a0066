// The day after which it is too late, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, row, title } from '../support/verbs.ts'

test('a deadline is chosen on the page of the task, and said in a line', async ({ alice }) => {
  const mark = (task: string) => row(alice, task).getByRole('img', { name: /^Deadline/ })
  await title(alice, TEACHING[1]!).click()
  await alice.getByLabel('Deadline').fill('2031-03-01')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark(TEACHING[1]!)).toHaveText('1 Mar 2031')
  await title(alice, TEACHING[1]!).click()
  await expect(alice.getByLabel('Deadline')).toHaveValue('2031-03-01')
  await alice.getByLabel('Deadline').fill('')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark(TEACHING[1]!)).toHaveCount(0)
  await composer(alice).fill('Tax {1 March 2031}')
  await composer(alice).press('Enter')
  await expect(mark('Tax')).toHaveText('1 Mar 2031')
})
