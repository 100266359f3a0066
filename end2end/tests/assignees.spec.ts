// Who is to do a task: by a line, by the menu, by key, told to whom it concerns, and taken back.
import { ask, hello, id as newId } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, details, listPath, row, sees, settled, title } from '../support/verbs.ts'

/** Has the person be called that, in every list. */
const callThem = (page: Page, name: string, colour: number) => ask(page, { account: { set_profile: { profile: { name, colour } } } })

/** Waits until the row says that these are to do the task, in that order. */
async function has(page: Page, task: string, ...names: string[]) {
  const mark = row(page, task).getByRole('img', { name: /^Assigned to/ })
  if (names.length === 0) return expect(mark).toHaveCount(0)
  await expect(mark).toHaveAccessibleName(`Assigned to ${names.join(', ')}`)
}

/** Presses somebody in all of a task. */
async function assign(page: Page, task: string, name: string) {
  await details(page, task)
  await page.getByRole('group', { name: 'Assigned to' }).getByRole('button', { name }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: task })).toHaveCount(0)
}

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await callThem(alice, 'Ana', 1)
  await callThem(bob, 'Bob Smith', 5)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
})

test('several people are assigned, who are told, and a new name is shown in all rows', async ({ alice, bob }) => {
  await assign(alice, 'Milk', 'Bob Smith')
  await expect(alice.getByText('“Milk” is assigned to Bob Smith.')).toBeVisible()
  await has(bob, 'Milk', 'Bob Smith')
  await expect(bob.getByText('Ana assigned “Milk” to you.')).toBeVisible()
  await expect(row(bob, 'Milk').locator('.task-assignees .avatar')).toHaveText('B')

  await assign(bob, 'Milk', 'Ana')
  await has(alice, 'Milk', 'Bob Smith', 'Ana')
  await expect(alice.getByText('Bob Smith assigned “Milk” to you.')).toBeVisible()
  await callThem(bob, 'Robert', 5)
  await has(alice, 'Milk', 'Robert', 'Ana')

  await assign(alice, 'Milk', 'Robert')
  await has(bob, 'Milk', 'Ana')
  await settled(alice)
  await alice.reload()
  await has(alice, 'Milk', 'Ana')
})

test('undo takes back whom one assigned, and nobody else', async ({ alice, bob }) => {
  await assign(alice, 'Milk', 'Bob Smith')
  await has(bob, 'Milk', 'Bob Smith')
  await assign(bob, 'Milk', 'Ana')
  await has(alice, 'Milk', 'Bob Smith', 'Ana')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await has(bob, 'Milk', 'Ana')
})

test('by key all of a task opens at the people, and stays open', async ({ alice, bob }) => {
  const people = alice.getByRole('group', { name: 'Assigned to' }).getByRole('button')
  await title(alice, 'Milk').focus()
  await alice.keyboard.press('a')
  await expect(people.first()).toBeFocused()
  await expect(people.first()).toHaveAttribute('aria-pressed', 'false')
  await alice.keyboard.press('Enter')
  await expect(people.first()).toHaveAttribute('aria-pressed', 'true')
  await expect(people.first()).toBeFocused()
  const name = await people.first().getAttribute('aria-label')
  await has(bob, 'Milk', name!)
  await alice.keyboard.press('Escape')
  await expect(alice.getByRole('region', { name: 'Milk' })).toHaveCount(0)
  await expect(title(alice, 'Milk')).toBeFocused()
})

test('a line names people: what is typed offers them, and they are told in another list, too', async ({ alice, bob }) => {
  await composer(alice).pressSequentially('Bread +bo')
  await expect(alice.getByRole('list', { name: 'Suggestions' }).getByRole('button')).toHaveText(['+Bob Smith'])
  await alice.keyboard.press('Tab')
  await expect(composer(alice)).toHaveValue('Bread +Bob Smith ')
  await expect(composer(alice)).toBeFocused()
  await expect(alice.getByRole('button', { name: 'Assigned to Bob Smith. Keep as text' })).toBeVisible()
  await alice.keyboard.type('p1 +me')
  await expect(alice.getByRole('button', { name: 'Assigned to Ana. Keep as text' })).toBeVisible()

  await bob.getByRole('textbox', { name: 'New list' }).fill('Elsewhere')
  await bob.getByRole('textbox', { name: 'New list' }).press('Enter')
  await expect(bob.getByRole('heading', { level: 1 })).toHaveText('Elsewhere')
  await settled(bob)
  await alice.keyboard.press('Enter')
  await has(alice, 'Bread', 'Bob Smith', 'Ana')
  const told = bob.locator('.toast', { hasText: 'Ana assigned “Bread” to you.' })
  await expect(told).toBeVisible()
  // That it was added is said with it, and not once more.
  await expect(bob.locator('.toast')).toHaveCount(1)
  await told.getByRole('button', { name: 'Show' }).click()
  await has(bob, 'Bread', 'Bob Smith', 'Ana')
})

test('several tasks that are assigned within a moment are told in one line', async ({ alice, bob }) => {
  const list = (await listPath(alice)).split('/').pop()
  const { account } = await hello(bob)
  const fields = [{ assigned: [account.person, true] }]
  const adding = (title: string) => ({ list: [list, { add_task: { task: newId(), title, place: 'end', fields } }] })
  await ask(alice, ...['Bread', 'Tea', 'Eggs', 'Oats'].map(adding))
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Eggs', 'Oats')
  await expect(bob.locator('.toast')).toHaveText(/Ana assigned 4 tasks to you\./)
})

test('a name is offered by click, and a name that nobody has stays text', async ({ alice, bob }) => {
  await composer(alice).pressSequentially('Eggs +')
  await alice.getByRole('button', { name: '+Ana' }).click()
  await expect(composer(alice)).toHaveValue('Eggs +Ana ')
  await composer(alice).fill('Dinner +1')
  await composer(alice).press('Enter')
  await sees(bob, 'Milk', 'Dinner +1')
})

test('who has left does nothing in the list any more, and what comes again stays with whom it was', async ({ alice, bob }) => {
  await addTask(alice, 'Bins out every day +Bob +me')
  await has(bob, 'Bins out', 'Bob Smith', 'Ana')
  await check(alice, 'Bins out').click()
  await expect(bob.locator('ul.tasks[aria-label="Completed tasks"] .task-title', { hasText: 'Bins out' })).toHaveCount(1)
  await expect(row(bob, 'Bins out').first().getByRole('img', { name: /^Assigned to/ })).toHaveAccessibleName('Assigned to Bob Smith, Ana')
  const { account } = await hello(bob)
  await ask(alice, { list: [(await listPath(alice)).split('/').pop(), { remove_member: { person: account.person } }] })
  await expect(row(alice, 'Bins out').first().getByRole('img', { name: /^Assigned to/ })).toHaveAccessibleName('Assigned to Ana')
})
