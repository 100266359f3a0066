// Rows are dragged to another place: with a mouse, with a finger, for everyone, and not at all where somebody thinks better of it.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, row, sees, settled, shareLink, title, titleField } from '../support/verbs.ts'

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread', 'Tea', 'Salt')
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Salt')
  await settled(alice)
})

const middle = async (page: Page, task: string) => {
  const { x, y, width, height } = (await row(page, task).boundingBox())!
  return { x: x + width / 2, y: y + height / 2, height }
}

/** Presses on a task and moves it to the lower or upper half of another, without letting go. A hand moves all the time. */
async function drag(page: Page, task: string, half: 'above' | 'below', other: string) {
  const [from, to] = [await middle(page, task), await middle(page, other)]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  const y = to.y + (half === 'below' ? to.height / 4 : -to.height / 4)
  await expect(async () => {
    await page.mouse.move(from.x, from.y + 10)
    await page.mouse.move(to.x, y, { steps: 4 })
    expect(await row(page, task).getAttribute('data-dragged')).toBe('')
  }).toPass()
}

test('a row that is dragged stands there for both, and is taken back', async ({ alice, bob }) => {
  await drag(alice, 'Salt', 'above', 'Bread')
  await expect(row(alice, 'Salt')).toHaveAttribute('data-dragged', '')
  await expect(alice.locator('.tasks[data-dropping]')).toBeAttached()
  await alice.mouse.up()
  await sees(alice, 'Milk', 'Salt', 'Bread', 'Tea')
  await sees(bob, 'Milk', 'Salt', 'Bread', 'Tea')
  await expect(alice.locator('[data-dragged], [data-dropping], html[data-dragging]')).toHaveCount(0)
  // The click that ends it opened nothing.
  await expect(titleField(alice)).toHaveCount(0)

  await drag(alice, 'Milk', 'below', 'Tea')
  await alice.mouse.up()
  await sees(bob, 'Salt', 'Bread', 'Tea', 'Milk')
  await drag(alice, 'Tea', 'above', 'Salt')
  await alice.mouse.up()
  await sees(bob, 'Tea', 'Salt', 'Bread', 'Milk')
  await alice.keyboard.press('z')
  await sees(bob, 'Salt', 'Bread', 'Tea', 'Milk')
})

test('with one of several that are selected, all are dragged, and one undo takes them back', async ({ alice, bob }) => {
  await title(alice, 'Milk').click({ modifiers: ['ControlOrMeta'] })
  await title(alice, 'Tea').click()
  await expect(alice.getByText('2 selected')).toBeVisible()
  await drag(alice, 'Tea', 'below', 'Salt')
  await alice.mouse.up()
  await sees(alice, 'Bread', 'Salt', 'Milk', 'Tea')
  await sees(bob, 'Bread', 'Salt', 'Milk', 'Tea')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Salt')
})

test('a click is a click, and Escape or a window that loses the focus leaves all as it was', async ({ alice, bob }) => {
  await title(alice, 'Bread').click()
  await expect(titleField(alice)).toBeVisible()
  await alice.keyboard.press('Escape')
  for (const away of [() => alice.keyboard.press('Escape'), () => alice.evaluate(() => dispatchEvent(new Event('blur')))]) {
    await drag(alice, 'Salt', 'above', 'Milk')
    await expect(row(alice, 'Salt')).toHaveAttribute('data-dragged', '')
    await away()
    await expect(alice.locator('[data-dragged], [data-dropping], html[data-dragging]')).toHaveCount(0)
    await alice.mouse.up()
  }
  await addTask(alice, 'Rope')
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Salt', 'Rope')
  await sees(alice, 'Milk', 'Bread', 'Tea', 'Salt', 'Rope')
})

test('it lands where it was meant, also where somebody moves things meanwhile', async ({ alice, bob }) => {
  await drag(alice, 'Milk', 'below', 'Tea')
  // Below Tea, wherever Tea is by then; and what is new above moves the rows under the pointer.
  await title(bob, 'Tea').focus()
  await bob.keyboard.press('Alt+ArrowUp')
  await sees(alice, 'Milk', 'Tea', 'Bread', 'Salt')
  await alice.mouse.up()
  await sees(bob, 'Tea', 'Milk', 'Bread', 'Salt')
  await sees(alice, 'Tea', 'Milk', 'Bread', 'Salt')
})

test('a row that somebody deletes meanwhile is let go of, and nothing of it stays', async ({ alice, bob }) => {
  await drag(alice, 'Milk', 'below', 'Tea')
  await title(bob, 'Milk').press('Delete')
  await sees(alice, 'Bread', 'Tea', 'Salt')
  await alice.mouse.up()
  await expect(alice.locator('[data-dragged], [data-dropping], html[data-dragging]')).toHaveCount(0)
  await sees(alice, 'Bread', 'Tea', 'Salt')
})

test('a finger that rests lifts a row, and one that moves at once scrolls', async ({ alice, bob }) => {
  const client = await alice.context().newCDPSession(alice)
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] })
  const [from, to] = [await middle(alice, 'Salt'), await middle(alice, 'Bread')]
  await touch('touchStart', from)
  await touch('touchMove', { x: from.x, y: from.y - 40 })
  await touch('touchMove', { x: to.x, y: to.y })
  await touch('touchEnd')
  await expect(row(alice, 'Salt')).not.toHaveAttribute('data-dragged')

  await touch('touchStart', from)
  await expect(row(alice, 'Salt')).toHaveAttribute('data-dragged', '')
  await touch('touchMove', { x: from.x, y: from.y - 30 })
  await touch('touchMove', { x: to.x, y: to.y - to.height / 4 })
  await touch('touchEnd')
  await sees(bob, 'Milk', 'Salt', 'Bread', 'Tea')
  await expect(titleField(alice)).toHaveCount(0)
})

test('who may only look drags nothing', async ({ alice, newcomer }) => {
  const viewer = await newcomer()
  await viewer.goto(await shareLink(alice, 'Can view'))
  await viewer.getByRole('button', { name: 'Join the list' }).click()
  await settled(viewer)
  const [from, to] = [await middle(viewer, 'Salt'), await middle(viewer, 'Milk')]
  await viewer.mouse.move(from.x, from.y)
  await viewer.mouse.down()
  await viewer.mouse.move(to.x, to.y - 5, { steps: 8 })
  await expect(row(viewer, 'Salt')).not.toHaveAttribute('data-dragged')
  await viewer.mouse.up()
  await sees(viewer, 'Milk', 'Bread', 'Tea', 'Salt')
})
