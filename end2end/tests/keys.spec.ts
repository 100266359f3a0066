// Keys that are not what they seem: an input method's, those of other layouts, and those that are held down.
import type { Locator } from '@playwright/test'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, check, clearTeaching, composer, notesField, paste, row, sees, settled, title, titleField } from '../support/verbs.ts'

test.beforeEach(async ({ alice }) => {
  await clearTeaching(alice)
})

const listName = (page: Page) => page.getByRole('textbox', { name: 'List name' })

/** How a browser tells of the key by which somebody accepts or drops what an input method offers. */
const ORDERS = {
  // The key comes first, while the composition goes on.
  Chromium: [['keydown', { isComposing: true, keyCode: 229 }], ['compositionend', {}]],
  Firefox: [['keydown', { isComposing: true, keyCode: 13 }], ['compositionend', {}]],
  // The composition has ended by then.
  Safari: [['compositionend', {}], ['keydown', { isComposing: false, keyCode: 229 }]],
  'at once': [['compositionend', {}], ['keydown', { isComposing: false, keyCode: 13 }]],
} as const

/** Composes in what has the focus and presses a key that is the input method's. */
async function composes(field: Locator, order: keyof typeof ORDERS, key: 'Enter' | 'Escape') {
  await field.evaluate(
    (field, [events, key]) => {
      const fire = (type: string, init: object = {}) => {
        const event = type === 'keydown' ? new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...init }) : new CompositionEvent(type, { bubbles: true, data: '牛乳' })
        field.dispatchEvent(event)
      }
      fire('compositionstart')
      for (const [type, init] of events) fire(type, init)
    },
    [ORDERS[order], key] as const,
  )
}

for (const order of Object.keys(ORDERS) as (keyof typeof ORDERS)[]) {
  test(`an Enter or Escape of an input method does nothing to a title, a name and notes: ${order}`, async ({ alice, bob }) => {
    await addTask(alice, 'Milk')
    await title(alice, 'Milk').click()
    await titleField(alice).fill('Milk 牛乳')
    await composes(titleField(alice), order, 'Enter')
    await composes(titleField(alice), order, 'Escape')
    await expect(titleField(alice)).toBeFocused()
    await expect(titleField(alice)).toHaveValue('Milk 牛乳')
    await titleField(alice).press('Enter')
    await sees(bob, 'Milk 牛乳')

    await listName(alice).fill('買い物')
    await composes(listName(alice), order, 'Enter')
    await composes(listName(alice), order, 'Escape')
    await expect(listName(alice)).toBeFocused()
    await expect(listName(alice)).toHaveValue('買い物')
    await expect(bob.getByRole('heading', { level: 1, name: 'My list' })).toBeAttached()
    await listName(alice).press('Enter')
    await expect(bob.getByRole('heading', { level: 1, name: '買い物' })).toBeAttached()

    await title(alice, 'Milk 牛乳').press('n')
    await notesField(alice).fill('二本')
    await composes(notesField(alice), order, 'Escape')
    await expect(notesField(alice)).toBeFocused()
    await notesField(alice).press('Escape')
    await expect(notesField(alice)).toBeHidden()
    await expect(row(alice, 'Milk 牛乳').getByRole('button', { name: 'Notes' })).toBeVisible()
  })
}

test('a composition that a real input method ends by Enter saves nothing', async ({ alice }) => {
  await addTask(alice, 'Milk')
  const session = await alice.context().newCDPSession(alice)
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
  for (const field of [titleField(alice), listName(alice)]) {
    if (await title(alice, 'Milk').isVisible()) await title(alice, 'Milk').click()
    await field.focus()
    await session.send('Input.imeSetComposition', { text: '牛乳', selectionStart: 2, selectionEnd: 2 })
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
    await session.send('Input.insertText', { text: '牛乳' })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
    await expect(field).toBeFocused()
    await expect(field).toHaveValue(/牛乳/)
    await field.press('Enter')
    await expect(field.and(alice.locator(':focus'))).toBeHidden()
  }
})

const LAYOUTS = {
  'Caps Lock': { key: 'N', code: 'KeyN' },
  Shift: { key: 'N', code: 'KeyN', shiftKey: true },
  Russian: { key: 'т', code: 'KeyN' },
  Greek: { key: 'ν', code: 'KeyN' },
  Hebrew: { key: 'מ', code: 'KeyN' },
  Dvorak: { key: 'n', code: 'KeyL' },
} as const

/** Presses a key of another layout where the focus is. */
async function presses(page: Page, init: object) {
  await page.evaluate((init) => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })), init)
}

for (const [layout, key] of Object.entries(LAYOUTS)) {
  test(`N opens the notes: ${layout}`, async ({ alice }) => {
    await addTask(alice, 'Milk')
    await title(alice, 'Milk').focus()
    await presses(alice, key)
    await expect(notesField(alice)).toBeFocused()
  })
}

test('the letter that lies where N lies elsewhere opens nothing', async ({ alice }) => {
  await addTask(alice, 'Milk')
  await title(alice, 'Milk').focus()
  for (const key of [{ key: 'b', code: 'KeyN' }, { key: 'ñ', code: 'KeyN' }, { key: 'Dead', code: 'KeyN' }, { key: 'n', code: 'KeyN', ctrlKey: true }]) await presses(alice, key)
  await presses(alice, { key: '1', code: 'Digit1' })
  await expect(row(alice, 'Milk').getByRole('img', { name: 'Priority 1' })).toBeVisible()
  await expect(notesField(alice)).toBeHidden()
})

test('a key that is held deletes, completes and ends one, and all that was deleted comes back', async ({ alice, bob }) => {
  const tasks = Array.from({ length: 12 }, (_, index) => `Task ${index + 1}`)
  await composer(alice).focus()
  await paste(alice, tasks.join('\n'))
  await sees(alice, ...tasks)
  await title(alice, 'Task 1').focus()
  await alice.keyboard.down('Delete')
  for (let times = 0; times < 20; times++) await alice.keyboard.down('Delete') // Each is a repeat.
  await alice.keyboard.up('Delete')
  await sees(alice, ...tasks.slice(1))
  await check(alice, 'Task 2').focus()
  await alice.keyboard.down('Enter')
  for (let times = 0; times < 5; times++) await alice.keyboard.down('Enter')
  await alice.keyboard.up('Enter')
  await sees(alice, ...tasks.slice(2))

  // One after the other, more than there are notices for.
  for (const task of tasks.slice(2, 10)) await title(alice, task).press('Delete')
  await sees(bob, 'Task 11', 'Task 12')
  for (let times = 0; times < 4; times++) await alice.keyboard.press('z')
  await expect(title(alice, 'Task 7')).toBeVisible()
  await alice.keyboard.press('Control+Shift+z')
  await expect(title(alice, 'Task 6')).toBeHidden()
  for (let times = 0; times < 4; times++) await presses(alice, { key: 'я', code: 'KeyZ', ctrlKey: true })
  await sees(bob, ...tasks.slice(2))
  await presses(alice, { key: 'Z', code: 'KeyZ', metaKey: true })
  await sees(bob, 'Task 1', ...tasks.slice(2))
})

test('the notices lead back through all that was deleted', async ({ alice }) => {
  const tasks = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
  await addTask(alice, ...tasks)
  for (const task of tasks) await title(alice, task).press('Delete')
  await sees(alice)
  const undo = alice.getByRole('button', { name: 'Undo' })
  for (const _ of tasks) await undo.last().click()
  await sees(alice, ...tasks)
  await settled(alice)
})

test('taking back is left to what is typed into', async ({ alice }) => {
  await addTask(alice, 'Milk')
  await title(alice, 'Milk').press('Delete')
  await sees(alice)
  await composer(alice).focus()
  await alice.keyboard.type('z')
  await expect(composer(alice)).toHaveValue('z')
  await alice.keyboard.press('Control+z')
  await sees(alice)
  await composer(alice).fill('')
  await alice.keyboard.press('Control+z')
  await sees(alice, 'Milk')
})
