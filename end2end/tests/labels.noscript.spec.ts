// Labels, without script: on the page of the task, and by a line.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, row, title } from '../support/verbs.ts'

test('labels are written on the page of the task, and in a line', async ({ alice }) => {
  const task = TEACHING[1]!
  const labels = (task: string) => row(alice, task).getByRole('list', { name: 'Labels' }).getByRole('listitem')
  await title(alice, task).click()
  await alice.getByLabel('Labels').fill('home\nin progress, soon\n')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(labels(task)).toHaveText(['home', 'in progress, soon'])
  await title(alice, task).click()
  await expect(alice.getByLabel('Labels')).toHaveValue('home\nin progress, soon')
  await alice.getByLabel('Labels').fill('in progress\n' + 'x'.repeat(51))
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(alice.getByText(/This is \d+ characters long/)).toBeVisible()
  await alice.getByLabel('Labels').fill('in progress\nnew')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(labels(task)).toHaveText(['in progress', 'new'])

  await composer(alice).fill('Milk @In progress @shop')
  await composer(alice).press('Enter')
  await expect(labels('Milk')).toHaveText(['in progress', 'shop'])
  await composer(alice).fill('Call Ben // about the roof')
  await composer(alice).press('Enter')
  await title(alice, 'Call Ben').click()
  await expect(alice.getByLabel('Notes')).toHaveValue('about the roof')
})
