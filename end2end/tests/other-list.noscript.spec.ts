// A task for another list, by the line, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, listPath, sees } from '../support/verbs.ts'

test('a line names another list, and leads there', async ({ alice }) => {
  const here = await listPath(alice)
  await alice.getByRole('textbox', { name: 'New list' }).fill('Garden')
  await alice.getByRole('textbox', { name: 'New list' }).press('Enter')
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Garden')
  await alice.goto(here)
  await composer(alice).fill('Rake leaves #garden')
  await composer(alice).press('Enter')
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Garden')
  await sees(alice, 'Rake leaves')
  await alice.goto(here)
  await sees(alice, ...TEACHING)
})
