// What somebody else does never takes the focus, the caret, the place on the page, or what is being typed.
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, check, choose, clearTeaching, complete, composer, notesField, openCompleted, paste, retitle, row, sees, settled, title, titleField,
} from '../support/verbs.ts'

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread', 'Tea')
  await sees(bob, 'Milk', 'Bread', 'Tea')
  await settled(alice)
})

/** Everything that others may do around someone who is typing into `Bread` or into the composer. */
async function bustle(bob: Page) {
  await addTask(bob, 'Eggs', 'Flour')
  await retitle(bob, 'Milk', 'Oat milk')
  await complete(bob, 'Tea')
  await title(bob, 'Flour').focus()
  await bob.keyboard.press('Alt+ArrowUp')
  await bob.keyboard.press('Alt+ArrowUp')
  await choose(bob, 'Eggs', 'Delete')
  await settled(bob)
}

/** Waits until all of it is there, but for what `Bread` is. */
async function hasSeenTheBustle(alice: Page) {
  await expect(title(alice, 'Oat milk')).toBeVisible()
  await expect(title(alice, 'Eggs')).toBeHidden()
  await expect(title(alice, 'Flour')).toBeVisible()
}

const caret = (page: Page) =>
  page.evaluate(() => {
    const field = document.activeElement as HTMLInputElement
    return { label: field.ariaLabel, text: field.value, from: field.selectionStart, to: field.selectionEnd, scroll: scrollY }
  })

test('the composer keeps focus, caret and text', async ({ alice, bob }) => {
  await composer(alice).fill('Half a thought')
  await alice.evaluate(() => (document.activeElement as HTMLInputElement).setSelectionRange(5, 6))
  const before = await caret(alice)
  await bustle(bob)
  await hasSeenTheBustle(alice)
  expect(await caret(alice)).toEqual(before)
})

test('a title being changed keeps focus, caret and text, also when somebody else changes it', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await titleField(alice).fill('Rye bread')
  await alice.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(2, 5))
  const before = await caret(alice)
  await bustle(bob)
  await hasSeenTheBustle(alice)
  expect(await caret(alice)).toEqual(before)
  await retitle(bob, 'Bread', 'White bread')
  await expect(alice.getByText('This was changed to “White bread” while you were typing.')).toBeVisible()
  expect(await caret(alice)).toEqual(before)
  await alice.getByRole('button', { name: 'Keep mine' }).click()
  await titleField(alice).press('Enter')
  await expect(title(bob, 'Rye bread')).toBeVisible()
})

test('theirs may be taken instead', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await titleField(alice).fill('Rye bread')
  await retitle(bob, 'Bread', 'White bread')
  await alice.getByRole('button', { name: 'Use theirs' }).click()
  await expect(titleField(alice)).toHaveValue('White bread')
  await titleField(alice).press('Enter')
  await settled(alice)
  await expect(title(bob, 'White bread')).toBeVisible()
})

test('notes being written keep focus, caret and text', async ({ alice, bob }) => {
  await choose(alice, 'Bread', 'Notes')
  await notesField(alice).fill('From the bakery\nat the corner')
  await alice.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(3, 9))
  const before = await caret(alice)
  await bustle(bob)
  await title(bob, 'Bread').focus()
  await bob.keyboard.press('Alt+ArrowDown')
  await hasSeenTheBustle(alice)
  expect(await caret(alice)).toEqual(before)
})

test('the page does not move under someone who reads', async ({ alice, bob }) => {
  await composer(alice).focus()
  await paste(alice, Array.from({ length: 60 }, (_, index) => `Line ${index + 1}`).join('\n'))
  await expect(title(bob, 'Line 60')).toBeVisible()
  await settled(alice)
  await row(alice, 'Line 30').scrollIntoViewIfNeeded()
  await title(alice, 'Line 30').focus()
  const where = () => alice.evaluate(() => Math.round(document.activeElement!.getBoundingClientRect().top))
  const before = await where()
  await addTask(bob, 'At the end')
  await retitle(bob, 'Line 60', 'Line sixty')
  await title(bob, 'Line 50').focus()
  await bob.keyboard.press('Delete')
  await settled(bob)
  await expect(title(alice, 'Line 50')).toBeHidden()
  await expect(title(alice, 'Line 30')).toBeFocused()
  expect(await where()).toBe(before)
  // Also where something above goes: the row that is read stays where it is.
  await check(bob, 'Line 3').click()
  await expect(title(alice, 'Line 3')).toBeHidden()
  await settled(bob)
  await expect(title(alice, 'Line 30')).toBeFocused()
  await expect.poll(where).toBe(before)
})

test('what is typed into a task that somebody deletes is kept', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await titleField(alice).fill('Rye bread, two of them')
  await choose(bob, 'Bread', 'Delete')
  await expect(alice.getByRole('heading', { name: 'Not saved' })).toBeVisible()
  await expect(alice.getByText('Rye bread, two of them')).toBeVisible()
  await alice.getByRole('button', { name: 'Add as a task' }).click()
  await expect(title(bob, 'Rye bread, two of them')).toBeVisible()
  await expect(alice.getByRole('heading', { name: 'Not saved' })).toBeHidden()
})

test('Enter on a row edits in place, Escape gives back the old text and keeps the draft', async ({ alice, bob }) => {
  await title(alice, 'Bread').focus()
  await alice.keyboard.press('Enter')
  await expect(titleField(alice)).toBeFocused()
  await expect(titleField(alice)).toHaveValue('Bread')
  await titleField(alice).fill('Rye')
  await alice.keyboard.press('Escape')
  await expect(title(alice, 'Bread')).toBeFocused()
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await alice.keyboard.press('Enter')
  await expect(titleField(alice)).toHaveValue('Rye')
  await alice.getByRole('button', { name: 'Use the saved title' }).click()
  await expect(titleField(alice)).toHaveValue('Bread')
  await titleField(alice).fill('Rye bread')
  await alice.keyboard.press('Enter')
  await sees(bob, 'Milk', 'Rye bread', 'Tea')
  await expect(title(alice, 'Rye bread')).toBeFocused()
})

test('leaving a title for elsewhere saves it', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await titleField(alice).fill('Rye bread')
  await composer(alice).click()
  await sees(bob, 'Milk', 'Rye bread', 'Tea')
})

test('the folded completed tasks stay as they are while somebody completes others', async ({ alice, bob }) => {
  await complete(alice, 'Milk')
  await openCompleted(alice)
  await complete(bob, 'Tea')
  await expect(check(alice, 'Tea')).toBeChecked()
  await expect(alice.locator('details.completed')).toHaveAttribute('open')
})

test('a title being changed stays open while somebody else moves its task', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await titleField(alice).fill('Rye bread')
  await alice.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(2, 5))
  const before = await caret(alice)
  for (const [key, place] of [['Alt+ArrowUp', 0], ['Alt+ArrowDown', 1], ['Alt+ArrowDown', 2]] as const) {
    await title(bob, 'Bread').focus()
    await bob.keyboard.press(key)
    await expect(alice.locator('ul.tasks[aria-label="Tasks"] > .task').nth(place)).toHaveAttribute('data-editing')
    expect(await caret(alice)).toEqual(before)
  }
})
