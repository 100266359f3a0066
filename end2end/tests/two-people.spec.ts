// Two people on one list: each kind of change is seen by the other, without a reload.
import { expect, test } from '../support/test.ts'
import {
  addTask, choose, clearTeaching, complete, composer, isNow, notesField, openCompleted, openMember, openShare, paste, reopen, retitle, row, sees,
  seesCompleted, settled, shareLink, title, titleField, writeNotes,
} from '../support/verbs.ts'

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
})

test('a task that one adds appears at the other, whoever adds it', async ({ alice, bob }) => {
  await addTask(bob, 'Tea')
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await addTask(alice, 'Oats')
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Oats')
})

test('what changed is signed with the name of who changed it', async ({ alice, bob }) => {
  await bob.goto('/me')
  await bob.getByLabel('Name').fill('Bob')
  await bob.getByRole('button', { name: 'Save' }).click()
  await expect(bob.getByRole('heading', { name: 'Bob' })).toBeVisible()
  await bob.goBack()
  await bob.goBack()
  await settled(bob)
  await retitle(bob, 'Milk', 'Oat milk')
  await expect(row(alice, 'Oat milk')).toContainText('Bob')
  await expect(row(bob, 'Oat milk')).not.toContainText('Bob')
})

test('what another does is said to those who listen, once, and nothing of what one does oneself', async ({ alice, bob }) => {
  const said = (page: typeof alice) => page.locator('p[aria-live="polite"]')
  await expect(said(bob)).toHaveText(/added “Bread”$/)
  await retitle(alice, 'Milk', 'Oat milk')
  await expect(said(bob)).toHaveText(/renamed a task to “Oat milk”$/)
  await complete(alice, 'Bread')
  await expect(said(bob)).toHaveText(/completed “Bread”$/)
  await expect(said(alice)).not.toContainText('Bread')
})

test('a new title', async ({ alice, bob }) => {
  await retitle(alice, 'Milk', 'Oat milk')
  await sees(bob, 'Oat milk', 'Bread')
})

test('notes', async ({ alice, bob }) => {
  await writeNotes(alice, 'Milk', 'Two litres.\nThe blue one.')
  await row(bob, 'Milk').getByRole('button', { name: 'Notes' }).click()
  await expect(notesField(bob)).toHaveValue('Two litres.\nThe blue one.')
})

test('notes that both write at once are merged by line', async ({ alice, bob }) => {
  await writeNotes(alice, 'Milk', 'one\ntwo\nthree')
  await expect(row(bob, 'Milk').getByRole('button', { name: 'Notes' })).toBeVisible()
  await choose(alice, 'Milk', 'Notes')
  await choose(bob, 'Milk', 'Notes')
  await notesField(alice).fill('ONE\ntwo\nthree')
  await notesField(bob).fill('one\ntwo\nTHREE')
  await notesField(alice).press('Escape')
  await settled(alice)
  await notesField(bob).press('Escape')
  await settled(bob)
  for (const page of [alice, bob]) {
    await expect(async () => {
      await row(page, 'Milk').getByRole('button', { name: 'Notes' }).click()
      await expect(notesField(page)).toHaveValue('ONE\ntwo\nTHREE', { timeout: 500 })
    }).toPass()
  }
})

test('a task that is completed, and reopened', async ({ alice, bob }) => {
  await complete(alice, 'Milk')
  await sees(bob, 'Bread')
  await seesCompleted(bob, 'Milk')
  await reopen(bob, 'Milk')
  await sees(alice, 'Milk', 'Bread')
})

test('a task that is moved, by keys and by menu', async ({ alice, bob }) => {
  await title(alice, 'Bread').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await sees(bob, 'Bread', 'Milk')
  await expect(title(alice, 'Bread')).toBeFocused()
  await choose(bob, 'Bread', 'Move down')
  await sees(alice, 'Milk', 'Bread')
  await choose(alice, 'Bread', 'Move up')
  await sees(bob, 'Bread', 'Milk')
  await title(bob, 'Bread').focus()
  await bob.keyboard.press('Alt+ArrowDown')
  await sees(alice, 'Milk', 'Bread')
})

test('a task that is deleted, and brought back to its place', async ({ alice, bob }) => {
  await choose(alice, 'Milk', 'Delete')
  await sees(bob, 'Bread')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(bob, 'Milk', 'Bread')
  await sees(alice, 'Milk', 'Bread')
})

test('completed tasks that are cleared, and brought back', async ({ alice, bob }) => {
  await complete(alice, 'Milk')
  await complete(alice, 'Bread')
  await openCompleted(alice)
  await seesCompleted(bob, 'Bread', 'Milk')
  await alice.getByRole('button', { name: 'Clear completed' }).click()
  await expect(bob.getByText('Completed (')).toBeHidden()
  await alice.getByRole('button', { name: 'Undo' }).click()
  await seesCompleted(bob, 'Bread', 'Milk')
})

test('another name of the list, in its heading and at the side', async ({ alice, bob }) => {
  const name = alice.getByRole('textbox', { name: 'List name' })
  await name.fill('Groceries')
  await name.press('Enter')
  await expect(bob.getByRole('heading', { level: 1 })).toHaveText('Groceries')
  await expect(bob.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name: /Groceries/ })).toBeVisible()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Groceries')
})

test('many lines pasted are many tasks, in order', async ({ alice, bob }) => {
  await composer(alice).focus()
  await paste(alice, '- Eggs\n\n  * [ ] Flour \nSalt\r\nRice')
  await sees(bob, 'Milk', 'Bread', 'Eggs', 'Flour', 'Salt', 'Rice')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(bob, 'Milk', 'Bread')
})

test('two tabs of one person follow each other', async ({ alice }) => {
  const tab = await alice.context().newPage()
  await tab.goto(alice.url())
  await settled(tab)
  await addTask(tab, 'Tea')
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await complete(alice, 'Tea')
  await sees(tab, 'Milk', 'Bread')
  await settled(tab)
})

test('who joins is seen at once, and who is renamed', async ({ alice, newcomer }) => {
  const members = alice.getByRole('list', { name: 'Members' })
  await expect(members.getByRole('listitem')).toHaveCount(2)
  const carol = await newcomer()
  await carol.goto(await shareLink(alice))
  await carol.getByRole('button', { name: 'Join the list' }).click()
  await sees(carol, 'Milk', 'Bread')
  await expect(members.getByRole('listitem')).toHaveCount(3)
  await carol.goto('/me')
  await carol.getByLabel('Name').fill('Carol')
  await carol.getByLabel('Berry').check()
  await carol.getByRole('button', { name: 'Save' }).click()
  await expect(members.getByRole('img', { name: 'Carol' })).toHaveAttribute('data-colour', '6')
})

test('who is taken out of the list sees it at once, and keeps what they were typing', async ({ alice, bob }) => {
  await title(bob, 'Milk').click()
  await titleField(bob).fill('Oat milk, I thought')
  const share = await openShare(alice)
  await openMember(share, /Editor/)
  await share.getByRole('button', { name: /^Remove .* from the list$/ }).click()
  await expect(bob.getByText(/ removed you from “My list”\.$/)).toBeVisible()
  await expect(bob.getByText('Oat milk, I thought')).toBeVisible()
  await expect(alice.getByRole('list', { name: 'Members' })).toBeHidden()
  await isNow(bob, 'live')
})
