// The whole journey by forms alone, as it is before the script and without it.
import { expect, test } from '../support/test.ts'
import { TEACHING, check, composer, joinByCode, listPath, openCompleted, row, sees, seesCompleted, shareLink, title } from '../support/verbs.ts'

test('a newcomer has a name, a list, and three tasks that teach', async ({ alice }) => {
  await sees(alice, ...TEACHING)
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('My list')
  await expect(alice.getByRole('link', { name: 'Change name or colour' })).toContainText(/^\S+ \S+ ?\S+/)
})

test('add, complete, reopen', async ({ alice }) => {
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await sees(alice, ...TEACHING, 'Milk')
  await check(alice, 'Milk').click()
  await sees(alice, ...TEACHING)
  await openCompleted(alice)
  await seesCompleted(alice, 'Milk')
  await check(alice, 'Milk').click()
  await sees(alice, ...TEACHING, 'Milk')
})

test('another title and notes on the page of the task, which also moves it', async ({ alice }) => {
  await title(alice, TEACHING[2]!).click()
  await alice.getByRole('textbox', { name: 'Title' }).fill('Share this')
  await alice.getByRole('textbox', { name: 'Notes' }).fill('With Bob,\nand with Carol.')
  await alice.getByRole('button', { name: 'Save' }).click()
  await sees(alice, TEACHING[0]!, TEACHING[1]!, 'Share this')
  await row(alice, 'Share this').getByRole('button', { name: 'Notes' }).click()
  await expect(alice.getByRole('textbox', { name: 'Notes' })).toHaveValue('With Bob,\nand with Carol.')
  await alice.getByRole('button', { name: 'Move up' }).click()
  await sees(alice, TEACHING[0]!, 'Share this', TEACHING[1]!)
})

test('delete, and undo', async ({ alice }) => {
  await title(alice, TEACHING[1]!).click()
  await alice.getByRole('button', { name: 'Delete' }).click()
  await sees(alice, TEACHING[0]!, TEACHING[2]!)
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(alice, ...TEACHING)
})

test('clear completed', async ({ alice }) => {
  for (const task of TEACHING) await check(alice, task).click()
  await openCompleted(alice)
  await alice.getByRole('button', { name: 'Clear completed' }).click()
  await expect(alice.getByText('Nothing to do.')).toBeVisible()
  await expect(alice.getByText('Completed (')).toBeHidden()
})

test('a second list, and another name for it', async ({ alice }) => {
  await alice.getByRole('textbox', { name: 'New list' }).fill('Groceries')
  await alice.getByRole('button', { name: 'Add list' }).click()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Groceries')
  await alice.getByRole('textbox', { name: 'List name' }).fill('Shopping')
  await alice.getByRole('button', { name: 'Save name' }).click()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Shopping')
  await alice.getByRole('link', { name: /My list/ }).click()
  await sees(alice, ...TEACHING)
})

test('join by typing the code, and see the same', async ({ alice, newcomer }) => {
  const code = (await shareLink(alice)).split('#')[1]!
  const bob = await newcomer()
  await joinByCode(bob, code)
  await sees(bob, ...TEACHING)
  await composer(bob).fill('From Bob')
  await composer(bob).press('Enter')
  await alice.reload()
  await sees(alice, ...TEACHING, 'From Bob')
})

test('a wrong code says so and stays', async ({ alice }) => {
  await alice.goto('/join')
  await alice.getByRole('textbox', { name: 'Code' }).fill('nonsense')
  const [answer] = await Promise.all([
    alice.waitForResponse(/join_list/),
    alice.getByRole('button', { name: 'Join the list' }).click(),
  ])
  expect(answer.status()).toBe(422)
  await expect(alice.getByText('This link does not work. Ask for a new one.')).toBeVisible()
  await expect(alice.getByRole('textbox', { name: 'Code' })).toHaveValue('nonsense')
})

test('another name and colour', async ({ alice }) => {
  await alice.getByRole('link', { name: 'Change name or colour' }).click()
  await alice.getByRole('textbox', { name: 'Name' }).fill('Alice')
  await alice.getByRole('radio', { name: 'Berry' }).check()
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Alice')
  await expect(alice.getByRole('radio', { name: 'Berry' })).toBeChecked()
  await alice.getByRole('link', { name: 'Back to my lists' }).click()
  await expect(alice.getByRole('link', { name: 'Change name or colour' })).toContainText('Alice')
})

test('a name of nothing is refused, and what was typed stays', async ({ alice }) => {
  await alice.goto('/me')
  await alice.getByRole('textbox', { name: 'Name' }).fill('x'.repeat(51))
  await alice.getByRole('button', { name: 'Save' }).click()
  await expect(alice.getByText('This is 51 characters long. The limit is 50.')).toBeVisible()
  await expect(alice.getByRole('textbox', { name: 'Name' })).toHaveValue('x'.repeat(51))
})

const bad = [
  { name: 'blank', typed: '   ', sentence: 'Please type something first.' },
  { name: 'too long', typed: 'é'.repeat(501), sentence: 'This is 501 characters long. The limit is 500.' },
]
for (const { name, typed, sentence } of bad) {
  test(`a ${name} task is answered 422 with a sentence, and what was typed stays`, async ({ alice }) => {
    await composer(alice).fill(typed)
    const [answer] = await Promise.all([alice.waitForResponse(/add_task/), composer(alice).press('Enter')])
    expect(answer.status()).toBe(422)
    await expect(alice.getByText(sentence)).toBeVisible()
    await expect(composer(alice)).toHaveValue(typed)
    await sees(alice, ...TEACHING)
    await composer(alice).fill('Milk')
    await composer(alice).press('Enter')
    await sees(alice, ...TEACHING, 'Milk')
  })
}

test('the browser itself asks for something where nothing was typed', async ({ alice }) => {
  await composer(alice).press('Enter')
  await expect(composer(alice)).toHaveJSProperty('validity.valueMissing', true)
  await sees(alice, ...TEACHING)
})

test('a form sent twice adds one task', async ({ alice }) => {
  await composer(alice).fill('Milk')
  await alice.getByRole('button', { name: 'Add', exact: true }).dblclick()
  await sees(alice, ...TEACHING, 'Milk')
  await alice.reload()
  await sees(alice, ...TEACHING, 'Milk')
})

test('back, forward and reload add nothing; what is typed after going back is a task of its own', async ({ alice }) => {
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await sees(alice, ...TEACHING, 'Milk')
  await alice.goBack()
  await sees(alice, ...TEACHING, 'Milk')
  await alice.goForward()
  await alice.reload()
  await sees(alice, ...TEACHING, 'Milk')
  await alice.goBack()
  await composer(alice).fill('Bread')
  await composer(alice).press('Enter')
  await sees(alice, ...TEACHING, 'Milk', 'Bread')
})

test('a reload after adding asks nothing and adds nothing', async ({ alice }) => {
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await sees(alice, ...TEACHING, 'Milk')
  await alice.reload()
  await sees(alice, ...TEACHING, 'Milk')
  expect(new URL(alice.url()).pathname).toBe(await listPath(alice))
})

test('strange text is shown as it was typed', async ({ alice }) => {
  for (const text of ['<script>alert(1)</script>', '👨‍👩‍👧 family', 'قائمة المشتريات', 'a & b "c" \'d\'']) {
    await composer(alice).fill(text)
    await composer(alice).press('Enter')
    await expect(title(alice, text)).toBeVisible()
    await check(alice, text).click()
  }
})

test('an address that leads nowhere says so', async ({ alice }) => {
  const answer = await alice.goto('/lists/0198e7a2-0000-7000-8000-000000000000')
  expect(answer!.status()).toBe(404)
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Page not found')
  await alice.getByRole('link', { name: 'Go to my lists' }).click()
  await sees(alice, ...TEACHING)
})

test('a long job has a page of its own, and nothing is offered that only a script could do', async ({ alice }) => {
  await alice.goto('/me')
  await expect(alice.getByText('Notify me on this desktop')).toBeHidden()
  await alice.getByRole('button', { name: 'Export my data' }).click()
  await expect(alice).toHaveURL(/\/jobs\/\w+$/)
  await expect(alice.getByRole('heading', { name: 'Done' })).toBeVisible()
  await expect(alice.getByText('Your data is ready. Lists: 1, tasks: 3.')).toBeVisible()
  await expect(alice.getByRole('link', { name: 'Download' })).toBeVisible()
})
