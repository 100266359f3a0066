// Who may do what in a list: links for editors and viewers, roles that change under one's hands, revoking, handing over.
import { ask, hello, id } from '../support/api.ts'
import { DEVICES } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, check, clearTeaching, complete, composer, listPath, makeLink, notesField, openMember, openShare, row, sees, seesCompleted, settled, shareLink, title, titleField, writeNotes,
} from '../support/verbs.ts'

/** Gives oneself a name that others know one by. */
async function call(page: Page, name: string) {
  await page.goto('/me')
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

async function join(page: Page, link: string) {
  await page.goto(link)
  await page.getByRole('button', { name: 'Join the list' }).click()
  await settled(page)
}

/** Alice, in a list of two tasks. */
async function begin(alice: Page) {
  await call(alice, 'Alice')
  await alice.goto('/')
  await settled(alice)
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await writeNotes(alice, 'Bread', 'Rye.')
  await settled(alice)
}

/** What a page of the person pushes, and what comes of it. */
async function outcome(page: Page, command: object) {
  const { account, epoch } = await hello(page)
  const push = { person: account.person, epoch, client: id(), commands: [{ command_seq: 1, command }] }
  const answer = await page.request.post(new URL('/fn/push', page.url()).href, { data: { push } })
  expect(answer.status()).toBe(200)
  return (await answer.json()).answered.answers[0].outcome
}

const seesNoControls = async (page: Page) => {
  await expect(composer(page)).toHaveCount(0)
  await expect(check(page, 'Milk')).toBeDisabled()
  await row(page, 'Milk').hover()
  await expect(page.getByRole('button', { name: 'More: Milk' })).toBeHidden()
  await expect(page.getByRole('textbox', { name: 'List name' })).toHaveCount(0)
}

test('on a phone a viewer follows everything, is offered nothing, and all that they try is refused', async ({ alice, newcomer }) => {
  await begin(alice)
  const victor = await newcomer(DEVICES.phone)
  await join(victor, await shareLink(alice, 'Can view'))
  await sees(victor, 'Milk', 'Bread')
  await seesNoControls(victor)
  await addTask(alice, 'Tea')
  await sees(victor, 'Milk', 'Bread', 'Tea')
  // Notes are there to be read.
  await title(victor, 'Bread').click()
  await expect(notesField(victor)).toHaveValue('Rye.')
  await expect(notesField(victor)).not.toBeEditable()
  await victor.screenshot({ path: 'artefacts/viewer-phone.png' })
  const list = (await listPath(victor)).split('/').pop()!
  const task = await check(victor, 'Milk').getAttribute('value')
  const me = (await hello(victor)).account.person
  for (const command of [
    { add_task: { task: id(), place: 'end', title: 'Mine' } }, { set: { task, field: { done: true } } }, { delete: { task } }, { set: { task, field: { title: 'Mine' } } },
    { set: { task, field: { notes: 'Mine' }, base: { notes: '' } } }, { move: { task, place: 'end' } }, { clear_completed: {} }, { rename: { name: 'Mine' } },
  ]) {
    const { refused } = await outcome(victor, { list: [list, command] })
    expect(['read_only', 'owner_only']).toContain(refused.code)
  }
  const alices = (await hello(alice)).account.person
  for (const [action, fields] of [
    ['add_task', { list, title: 'Mine' }], ['make_link', { list, role: 'viewer' }], ['set_role', { list, person: me, role: 'owner' }],
    ['hand_over', { list, person: me }], ['remove_member', { list, person: alices }], ['clear_list', { list }],
  ] as const) {
    const answer = await victor.request.post(`/fn/${action}`, { form: fields })
    expect(answer.status(), action).toBe(403)
  }
  await victor.goto(`/lists/${list}/share`)
  await expect(victor.getByRole('button')).toHaveText(['Leave'])
  await sees(alice, 'Milk', 'Bread', 'Tea')
})

test('on a phone a second person joins by a link and edits, and the first sees it live', async ({ alice, newcomer }) => {
  await begin(alice)
  const link = await shareLink(alice)
  let loads = 0
  alice.on('load', () => loads++)
  const bob = await newcomer(DEVICES.phone)
  await join(bob, link)
  await sees(bob, 'Milk', 'Bread')
  await addTask(bob, 'Tea')
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await complete(bob, 'Milk')
  await sees(alice, 'Bread', 'Tea')
  await seesCompleted(alice, 'Milk')
  await addTask(alice, 'Oats')
  await sees(bob, 'Bread', 'Tea', 'Oats')
  await settled(bob)
  await bob.screenshot({ path: 'artefacts/editor-phone.png' })
  expect(loads, 'how often she loaded the page anew').toBe(0)
})

test('who is made a viewer, and an editor again, sees it at once and keeps what they were typing', async ({ alice, newcomer }) => {
  await begin(alice)
  const bob = await newcomer()
  await join(bob, await shareLink(alice))
  const share = await openShare(alice)
  await composer(bob).fill('Half a thou')
  await title(bob, 'Milk').click()
  await titleField(bob).fill('Oat milk, I thi')
  await openMember(share, /Editor/)
  await share.getByRole('button', { name: 'Viewer' }).click()
  await expect(bob.getByText('Alice made you a viewer of “My list”.')).toBeVisible()
  await seesNoControls(bob)
  const tray = bob.getByRole('region', { name: 'Not saved' })
  await expect(tray.getByText('Oat milk, I thi')).toBeVisible()
  await expect(tray.getByText('Half a thou')).toBeVisible()
  await expect(tray.getByRole('button', { name: 'Add as a task' })).toHaveCount(0)
  await bob.screenshot({ path: 'artefacts/made-viewer-desk.png' })
  await expect(share.getByText(/is now a viewer\.$/)).toBeVisible()
  await openMember(share, /Viewer/)
  await share.getByRole('button', { name: 'Editor' }).click()
  await expect(bob.getByText('Alice made you an editor of “My list”.')).toBeVisible()
  await addTask(bob, 'Tea')
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await expect(tray.getByRole('button', { name: 'Add as a task' })).toHaveCount(2)
})

test('a link that is revoked while somebody types takes them out, by name, and what they wrote is theirs', async ({ alice, newcomer }) => {
  await begin(alice)
  const bob = await newcomer(DEVICES.phone)
  await call(bob, 'Bob')
  const link = await shareLink(alice)
  await join(bob, link)
  await title(bob, 'Bread').click()
  await bob.keyboard.press('Escape')
  await row(bob, 'Bread').getByRole('button', { name: 'Notes' }).click()
  await notesField(bob).fill('Rye, but from the other bak')
  const share = await openShare(alice)
  await share.locator('.links summary').click()
  await expect(share.getByText('Bob is on the list through this link.')).toBeVisible()
  await share.getByRole('button', { name: 'Revoke the link and remove Bob' }).click()
  await expect(share.getByText('The link is revoked. Bob is no longer on the list.')).toBeVisible()
  await expect(bob.getByText('Alice removed you from “My list”.')).toBeVisible()
  await expect(bob.getByText('Rye, but from the other bak')).toBeVisible()
  await bob.screenshot({ path: 'artefacts/removed-phone.png' })
  await bob.goto(link)
  await bob.getByRole('button', { name: 'Join the list' }).click()
  await expect(bob.getByText('This link does not work.')).toBeVisible()
})

test('the page of who is in a list follows who comes, and keeps what one is about to do', async ({ alice, newcomer }) => {
  await begin(alice)
  const share = await openShare(alice)
  const link = await makeLink(share)
  const bob = await newcomer()
  await call(bob, 'Bob')
  await join(bob, link)
  await expect(share.getByText('Bob joined.')).toBeVisible()
  const people = share.getByRole('region', { name: 'People' }).getByRole('listitem')
  await expect(people).toHaveCount(2)
  await expect(share.getByRole('textbox', { name: 'Share link' })).toHaveValue(link)
  await openMember(share, 'Bob')
  const remove = share.getByRole('button', { name: 'Remove Bob from the list' })
  await remove.focus()
  const carol = await newcomer()
  await call(carol, 'Carol')
  await join(carol, link)
  await expect(people).toHaveCount(3)
  await expect(remove).toBeFocused()
  await share.keyboard.press('Enter')
  await expect(share.getByText(/^Bob is no longer on the list\. The link they joined with still works/)).toBeVisible()
  await expect(people).toHaveCount(2)
})

test('a list is handed over, and who had it can leave', async ({ alice, newcomer }) => {
  await begin(alice)
  const bob = await newcomer()
  await call(bob, 'Bob')
  await join(bob, await shareLink(alice))
  const share = await openShare(alice)
  await expect(share.getByRole('button', { name: 'Leave the list' })).toHaveCount(0)
  await openMember(share, 'Bob')
  await share.getByRole('button', { name: 'Hand the list over to Bob' }).click()
  await expect(share.getByText('Bob now owns the list. You are an editor.')).toBeVisible()
  await expect(bob.getByText('Alice made you an owner of “My list”.')).toBeVisible()
  await bob.getByRole('textbox', { name: 'List name' }).fill('Groceries')
  await bob.getByRole('textbox', { name: 'List name' }).press('Enter')
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Groceries')
  await share.getByRole('button', { name: 'Leave the list' }).click()
  await expect(bob.getByRole('list', { name: 'Members' })).toBeHidden()
  await ask(bob, { list: [(await listPath(bob)).split('/').pop(), { clear_completed: {} }] })
})

test('a link for one person lets in one', async ({ alice, newcomer }) => {
  await begin(alice)
  const share = await openShare(alice)
  await share.getByText('Expiry and limit').click()
  await share.getByLabel('Can be used by').selectOption('1 person')
  await share.getByLabel('Expires').selectOption('After an hour')
  const link = await makeLink(share)
  await expect(share.getByText('It works for one person, for an hour.')).toBeVisible()
  await join(await newcomer(), link)
  await expect(share.getByText('used up, 1 of 1 joined')).toBeAttached()
  const late = await newcomer()
  await late.goto(link)
  await late.getByRole('button', { name: 'Join the list' }).click()
  await expect(late.getByText('This link does not work. Ask for a new one.')).toBeVisible()
})
