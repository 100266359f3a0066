// What a line says beside its title is shown while it is typed, saved as it is shown, and plain text again where somebody wants that.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, openCompleted, paste, row, sees, settled, title } from '../support/verbs.ts'

/** Goes to the line and waits until it is read. */
async function goTo(page: Page) {
  await composer(page).click()
  await expect(page.locator('.composer-mirror')).toBeAttached()
}

const marks = (page: Page) => page.locator('.composer-mirror mark')
const chips = (page: Page) => page.getByRole('list', { name: 'Understood' }).getByRole('button')
const due = (page: Page, task: string) => row(page, task).getByRole('img', { name: /^Due/ })
const priority = (page: Page, task: string) => row(page, task).getByRole('img', { name: /^Priority/ })

const caret = (page: Page) => composer(page).evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd])

test.beforeEach(async ({ alice }) => {
  await clearTeaching(alice)
  await goTo(alice)
})

test('what is understood is shown while it is typed, and saved for everybody', async ({ alice, bob }) => {
  await composer(alice).pressSequentially('Call Bob tomorrow p1')
  await expect(marks(alice)).toHaveText(['tomorrow', 'p1'])
  await expect(chips(alice)).toHaveText([/^Due Tomorrow, \d+ \w+×$/, 'Priority 1×'])
  await expect(alice.getByRole('status').filter({ hasText: 'Due Tomorrow' })).toHaveText(/, Priority 1$/)
  await composer(alice).press('Enter')
  await expect(composer(alice)).toHaveValue('')
  await expect(marks(alice)).toHaveCount(0)
  for (const page of [alice, bob]) {
    await expect(due(page, 'Call Bob')).toHaveText('Tomorrow')
    await expect(priority(page, 'Call Bob')).toHaveText('P1')
  }
})

test('a click, Backspace right behind it and its button each make it plain text again', async ({ alice }) => {
  // Backspace: nothing is deleted, and the next one deletes a letter.
  await composer(alice).pressSequentially('Read Tomorrow tomorrow')
  await expect(marks(alice)).toHaveText(['tomorrow'])
  await alice.keyboard.press('Backspace')
  await expect(marks(alice)).toHaveCount(0)
  await expect(composer(alice)).toHaveValue('Read Tomorrow tomorrow')
  await alice.keyboard.press('Backspace')
  await expect(composer(alice)).toHaveValue('Read Tomorrow tomorro')
  await composer(alice).press('Enter')
  await expect(title(alice, 'Read Tomorrow tomorro')).toBeVisible()

  // A click into it.
  await composer(alice).pressSequentially('p2 print')
  const mark = (await marks(alice).boundingBox())!
  await alice.mouse.click(mark.x + mark.width / 2, mark.y + mark.height / 2)
  await expect(marks(alice)).toHaveCount(0)
  await composer(alice).press('Enter')
  await expect(title(alice, 'p2 print')).toBeVisible()

  // Its button: the focus goes on in the line.
  await composer(alice).pressSequentially('Print p3')
  await expect(chips(alice)).toHaveText(['Priority 3×'])
  await chips(alice).click()
  await expect(composer(alice)).toBeFocused()
  await expect(chips(alice)).toHaveCount(0)
  await composer(alice).press('Enter')
  await expect(title(alice, 'Print p3')).toBeVisible()

  // The next line is read anew.
  await composer(alice).pressSequentially('Milk p3')
  await expect(marks(alice)).toHaveText(['p3'])
})

test('what is shown is what the line says now', async ({ alice }) => {
  await composer(alice).fill('Call Bob tomorrow p1')
  await expect(chips(alice)).toHaveText([/^Due Tomorrow/, 'Priority 1×'])
  // As many parts as before, which say something else.
  await composer(alice).fill('Call Bob today p2')
  await expect(chips(alice)).toHaveText([/^Due Today/, 'Priority 2×'])
  await expect(chips(alice).first()).toHaveAccessibleName(/^Due Today, .*Keep as text$/)
})

test('the keyboard alone reaches what is understood', async ({ alice }) => {
  await composer(alice).pressSequentially('Milk p3')
  await expect(chips(alice)).toHaveCount(1)
  await alice.keyboard.press('Tab')
  await alice.keyboard.press('Tab')
  await expect(chips(alice)).toBeFocused()
  await expect(chips(alice)).toHaveAccessibleName('Priority 3. Keep as text')
  await alice.keyboard.press('Enter')
  await expect(composer(alice)).toBeFocused()
  await alice.keyboard.press('Enter')
  await expect(title(alice, 'Milk p3')).toBeVisible()
})

test('caret, selection and undo stay the browser’s', async ({ alice }) => {
  await composer(alice).pressSequentially('Milk tomorrow p1')
  await alice.keyboard.press('Home')
  await alice.keyboard.type('Oat ')
  expect(await caret(alice)).toEqual([4, 4])
  await expect(marks(alice)).toHaveText(['tomorrow', 'p1'])
  await alice.keyboard.type('x')
  await expect(composer(alice)).toHaveValue('Oat xMilk tomorrow p1')
  await alice.keyboard.press('Control+Z')
  await expect(composer(alice)).toHaveValue(/^(Oat )?Milk tomorrow p1$/)
  await expect(marks(alice)).toHaveText(['tomorrow', 'p1'])
})

test('each mark lies behind its letters, also in a line that is longer than its field', async ({ alice }) => {
  await alice.setViewportSize({ width: 390, height: 800 })
  for (const before of ['Milk', 'Bread and butter for all of us and then some more of it, and a lot of it']) {
    await composer(alice).fill(`${before} p1`)
    await composer(alice).press('End')
    await expect(marks(alice)).toHaveText(['p1'])
    // The mirror begins where the line does, in the same letters, and is scrolled as far.
    await expect.poll(() => alice.evaluate(() => {
      const [field, mirror] = [document.querySelector('#new-task')!, document.querySelector('.composer-mirror')!]
      const style = (element: Element) => {
        const { font, letterSpacing, fontFeatureSettings, paddingInlineStart, textIndent } = getComputedStyle(element)
        return [font, letterSpacing, fontFeatureSettings, paddingInlineStart, textIndent].join()
      }
      const [a, b] = [field.getBoundingClientRect(), mirror.getBoundingClientRect()]
      return [a.left === b.left, a.right === b.right, style(field) === style(mirror), field.scrollLeft === mirror.scrollLeft]
    })).toEqual([true, true, true, true])
  }
})

test('a line in German is understood where the browser asks for German', async ({ newcomer }) => {
  const page = await newcomer({ locale: 'de-AT' })
  await page.goto('/')
  await settled(page)
  await goTo(page)
  await composer(page).pressSequentially('Zahnarzt bis zum 1. März 2031')
  await expect(marks(page)).toHaveText(['bis zum 1. März 2031'])
  await composer(page).press('Enter')
  await expect(due(page, 'Zahnarzt')).toHaveText('1 Mar 2031')
})

test('a draft is read as it comes back, and offline a line is read as well', async ({ alice }) => {
  await composer(alice).pressSequentially('Milk p1')
  await alice.reload()
  await settled(alice)
  await goTo(alice)
  await expect(marks(alice)).toHaveText(['p1'])
  await alice.context().setOffline(true)
  await composer(alice).press('Enter')
  await expect(priority(alice, 'Milk')).toHaveText('P1')
  await alice.context().setOffline(false)
  await settled(alice)
})

test('where the part that reads lines does not come, a line is a title', async ({ newcomer }) => {
  const page = await newcomer({ serviceWorkers: 'block' })
  await page.route(/capture.*\.wasm/, (route) => route.abort())
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk p1', 'Bread')
  await sees(page, 'Milk p1', 'Bread')
})

test('what another program shares stands in the line once, behind a draft', async ({ alice }) => {
  await composer(alice).pressSequentially('Half a thought')
  await alice.goto('/?add=Milk+tomorrow&url=https%3A%2F%2Fexample.org%2F')
  await settled(alice)
  await expect(composer(alice)).toHaveValue('Half a thought Milk tomorrow https://example.org/')
  expect(new URL(alice.url()).search).toBe('')
  await goTo(alice)
  await expect(marks(alice)).toHaveText(['tomorrow'])
  await composer(alice).press('Enter')
  await expect(title(alice, 'Half a thought Milk https://example.org/')).toBeVisible()
  await settled(alice)
  await alice.reload()
  await settled(alice)
  await expect(composer(alice)).toHaveValue('')
})

test('ticked lines that are pasted come in done, and one undo takes all of them back', async ({ alice, bob }) => {
  await paste(alice, '☐ Milk\n☑ Bread\n- [x] Tea\n* [ ] Salt tomorrow')
  // What is pasted is not read.
  for (const page of [alice, bob]) {
    await sees(page, 'Milk', 'Salt tomorrow')
    await openCompleted(page)
    await expect(title(page, 'Bread')).toBeVisible()
    await expect(title(page, 'Tea')).toBeVisible()
  }
  await alice.getByRole('button', { name: 'Undo' }).click()
  await sees(bob)
  await expect(title(bob, 'Bread')).toHaveCount(0)
})

test('what pasted lines say is read where somebody asks for it, and taken back at once', async ({ alice, bob }) => {
  await addTask(alice, 'Tea')
  await alice.getByRole('textbox', { name: 'New section' }).fill('Kitchen')
  await alice.keyboard.press('Enter')
  await composer(alice).focus()
  await composer(alice).fill('Tea p1')
  await expect(alice.getByRole('button', { name: /Keep as text/ })).toBeVisible()
  await composer(alice).fill('')
  // Lines that say nothing beside their titles offer nothing.
  await paste(alice, 'Soap\nSalt')
  await expect(alice.getByText('Added 2 tasks.')).toBeVisible()
  await expect(alice.getByRole('button', { name: 'Read dates and labels' })).toHaveCount(0)
  await alice.getByRole('button', { name: 'Undo' }).click()

  const lines = ['Milk tomorrow @shop', 'Bread', 'Plates p1 /Kitchen']
  await paste(alice, lines.join('\n'))
  await sees(bob, 'Tea', ...lines, 'Kitchen')
  await alice.getByRole('button', { name: 'Read dates and labels' }).click()
  await sees(bob, 'Tea', 'Milk', 'Bread', 'Kitchen', 'Plates')
  await expect(row(bob, 'Milk').getByRole('img', { name: 'Due Tomorrow' })).toBeVisible()
  await expect(row(bob, 'Milk').getByRole('list', { name: 'Labels' })).toHaveText('shop')
  await expect(row(bob, 'Plates').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await alice.keyboard.press('ControlOrMeta+z')
  await sees(bob, 'Tea', ...lines, 'Kitchen')
  await expect(bob.getByRole('img', { name: 'Priority 1' })).toHaveCount(0)
})
