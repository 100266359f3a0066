// When a task is due, and what a line says beside its title, without script.
import { expect, test } from '../support/test.ts'
import { TEACHING, composer, row, title } from '../support/verbs.ts'

test('a day is chosen on the page of the task, and shown in the list', async ({ alice }) => {
  const mark = row(alice, TEACHING[1]!).getByRole('img', { name: /^Due/ })
  await title(alice, TEACHING[1]!).click()
  await alice.getByLabel('Due date').fill('2031-03-01')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveText('1 Mar 2031')
  await title(alice, TEACHING[1]!).click()
  await expect(alice.getByLabel('Due date')).toHaveValue('2031-03-01')
  await alice.getByLabel('Due date').fill('')
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(mark).toHaveCount(0)
})

test('what a line says of a task is understood, and shown', async ({ alice }) => {
  await composer(alice).fill('Call Bob on 2031-03-01 p1')
  await composer(alice).press('Enter')
  await expect(row(alice, 'Call Bob').getByRole('img', { name: /^Due/ })).toHaveText('1 Mar 2031')
  await expect(row(alice, 'Call Bob').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await composer(alice).fill('Copy "p1"')
  await composer(alice).press('Enter')
  await expect(title(alice, 'Copy "p1"')).toBeVisible()
})

test('a line in German is understood where the browser asks for German', async ({ newcomer }) => {
  const page = await newcomer({ locale: 'de-AT' })
  await page.goto('/')
  await composer(page).fill('Zahnarzt bis zum 1. März 2031')
  await composer(page).press('Enter')
  await expect(row(page, 'Zahnarzt').getByRole('img', { name: /^Due/ })).toHaveText('1 Mar 2031')
})

test('what another program shares stands in the line', async ({ alice }) => {
  await alice.goto('/?title=A+page&add=&url=https%3A%2F%2Fexample.org%2F')
  await expect(composer(alice)).toHaveValue('A page https://example.org/')
  await expect(composer(alice)).not.toHaveAttribute('aria-invalid', 'true')
  await composer(alice).press('Enter')
  await expect(title(alice, 'A page https://example.org/')).toBeVisible()
})
