// What was deleted is in the trash of its list, and comes back from there: one task of it, or all of them.
import { DEVICES, inspect } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, clearList, complete, listPath, openTrash, sees, seesCompleted, settled, shareLink, TEACHING, title,
} from '../support/verbs.ts'

/** What is in the trash that is shown. */
const trashed = (trash: Page) => trash.getByRole('main').getByRole('listitem')

/** Deletes a task by the key. */
async function remove(page: Page, task: string) {
  await title(page, task).focus()
  await page.keyboard.press('Delete')
  await expect(title(page, task)).toHaveCount(0)
  await settled(page)
}

test('a task that was deleted is put back from the trash, and is there for the other at once', async ({ alice, bob }) => {
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, ...TEACHING, 'Milk', 'Bread')
  let loads = 0
  bob.on('load', () => loads++)
  await remove(alice, 'Bread')
  await remove(bob, 'Milk')
  await sees(alice, ...TEACHING)
  const trash = await openTrash(alice)
  await expect(trash.getByRole('heading', { level: 1 })).toHaveText('Trash of “My list”')
  await expect(trashed(trash)).toHaveText([/^Milk\s*Deleted by .+, just now\s*Restore$/, /^Bread\s*Deleted by .+, just now\s*Restore$/])
  await trash.getByRole('button', { name: 'Restore “Milk”', exact: true }).click()
  await expect(trash).toHaveURL(new RegExp(`${await listPath(alice)}$`))
  await sees(trash, ...TEACHING, 'Milk')
  for (const page of [bob, alice]) await sees(page, ...TEACHING, 'Milk')
  expect(loads, 'how often he loaded the page anew').toBe(0)
  const left = await openTrash(alice)
  await expect(trashed(left)).toHaveText([/^Bread/])
  await expect(left.getByRole('button', { name: 'Restore everything' })).toHaveCount(0)
})

test('a list that was cleared is put back whole, done and to do, for everyone', async ({ alice, bob }) => {
  await addTask(alice, 'Milk', 'Bread', 'Tea')
  await complete(alice, 'Tea')
  await sees(bob, ...TEACHING, 'Milk', 'Bread')
  await settled(alice)
  await clearList(alice)
  await Promise.all([alice, bob].map((page) => sees(page)))
  const trash = await openTrash(alice)
  await expect(trashed(trash)).toHaveCount(TEACHING.length + 3)
  await trash.getByRole('button', { name: 'Restore everything' }).click()
  await expect(trash).toHaveURL(new RegExp(`${await listPath(alice)}$`))
  for (const page of [trash, alice, bob]) {
    await sees(page, ...TEACHING, 'Milk', 'Bread')
    await seesCompleted(page, 'Tea')
  }
  await expect(trash.getByRole('region', { name: 'Notices' })).toContainText('Restored 6 tasks to “My list”.')
  const left = await openTrash(alice)
  await expect(left.getByText('The trash is empty.')).toBeVisible()
  await expect(trashed(left)).toHaveCount(0)
})

test('who may only look at a list is not shown what was deleted in it', async ({ alice, newcomer }) => {
  await addTask(alice, 'Milk')
  await settled(alice)
  await remove(alice, 'Milk')
  const victor = await newcomer()
  await victor.goto(await shareLink(alice, 'Can view'))
  await victor.getByRole('button', { name: 'Join the list' }).click()
  await settled(victor)
  const list = await listPath(victor)
  await victor.goto(`${list}/share`)
  await expect(victor.getByRole('link', { name: 'Back to the list' })).toBeVisible()
  await expect(victor.getByRole('link', { name: 'Open the trash' })).toHaveCount(0)
  await victor.goto(`${list}/trash`)
  await expect(victor.getByText('Only people who can edit this list see its deleted tasks.')).toBeVisible()
  await expect(victor.getByRole('main')).not.toContainText('Milk')
  await expect(victor.getByRole('button')).toHaveCount(0)
})

for (const [device, open] of Object.entries(DEVICES)) {
  test(`axe finds nothing in the trash on a ${device}`, async ({ newcomer }) => {
    const page = await newcomer(open)
    await page.goto('/')
    await settled(page)
    const list = await listPath(page)
    const long = 'A longer one, which says in rather many words what was to be done about the garden, and about the shed'
    await addTask(page, 'Milk', long, 'قائمة المشتريات')
    await settled(page)
    for (const task of ['Milk', long, 'قائمة المشتريات']) await remove(page, task)
    await page.goto(`${list}/trash`)
    await expect(trashed(page)).toHaveCount(3)
    await inspect(page, `trash-${device}`, true)
  })
}
