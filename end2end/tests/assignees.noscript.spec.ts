// Who is to do a task, without script: on the page of the task, and by a line.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, joinByCode, listPath, makeLink, row, sees, title } from '../support/verbs.ts'

test('people are chosen on the page of the task, and named in a line', async ({ alice, newcomer }) => {
  const list = await listPath(alice)
  await alice.goto(`${list}/share`)
  const link = await makeLink(alice, 'Can edit')
  const bob = await newcomer()
  await joinByCode(bob, link)
  await sees(bob, ...TEACHING)
  await alice.goto(list)
  const task = TEACHING[1]!
  const mark = row(alice, task).getByRole('img', { name: /^Assigned to/ })
  await title(alice, task).click()
  const people = alice.getByRole('group', { name: 'Assigned to' }).getByRole('checkbox')
  await expect(people).toHaveCount(2)
  await people.nth(0).check()
  await people.nth(1).check()
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveAccessibleName(/^Assigned to .+, .+$/)

  // What is left as it was is not set again: bob takes one of them off, and alice, whose page is older, changes the title only.
  await title(alice, task).click()
  await title(bob, task).click()
  await bob.getByRole('group', { name: 'Assigned to' }).getByRole('checkbox').nth(0).uncheck()
  await bob.getByRole('button', { name: 'Save' }).click()
  await alice.getByLabel('Title').fill('Call Ben')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(row(alice, 'Call Ben').getByRole('img', { name: /^Assigned to [^,]+$/ })).toBeVisible()

  await composer(alice).fill('Milk +me')
  await composer(alice).press('Enter')
  await expect(row(alice, 'Milk').getByRole('img', { name: /^Assigned to/ })).toBeVisible()
})
