// The time of the day on which a task is due, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, row, title } from '../support/verbs.ts'

test('a time is set on the page of the task, said in a line, and shown in the list', async ({ alice }) => {
  const task = TEACHING[1]!
  const mark = row(alice, task).getByRole('img', { name: /^Due/ })
  const save = alice.getByRole('button', { name: 'Save' })
  await title(alice, task).click()
  await alice.getByLabel('Due date').fill('2031-03-01')
  await alice.getByLabel('Time').fill('09:30')
  await save.click()
  await expect(mark).toHaveText('1 Mar 2031 09:30')
  await title(alice, task).click()
  await expect(alice.getByLabel('Time')).toHaveValue('09:30')
  // With its day the time goes.
  await alice.getByLabel('Due date').fill('')
  await save.click()
  await expect(mark).toHaveCount(0)
  await title(alice, task).click()
  await expect(alice.getByLabel('Time')).toHaveValue('')
  // A time without a day gets one.
  await alice.getByLabel('Time').fill('10:00')
  await save.click()
  await expect(mark).toHaveText(/ 10:00$/)

  await composer(alice).fill('Call Ana on 2031-03-01 at 5pm')
  await composer(alice).press('Enter')
  await expect(row(alice, 'Call Ana').getByRole('img', { name: /^Due/ })).toHaveText('1 Mar 2031 17:00')
})
