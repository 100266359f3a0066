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

/** In the page: composes a word in the field that has the focus, and presses Enter in that order of events. */
function types(word: string, order: [string, object][]) {
  const field = document.activeElement as HTMLInputElement
  field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
  field.dispatchEvent(new CompositionEvent('compositionupdate', { bubbles: true, data: word }))
  field.value = word
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: word, isComposing: true }))
  for (const [type, init] of order) {
    if (type !== 'keydown') {
      field.dispatchEvent(new CompositionEvent(type, { bubbles: true, data: word }))
      continue
    }
    // What no handler stops is done by the browser: it submits the form.
    const key = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })
    if (field.dispatchEvent(key)) field.form?.requestSubmit()
  }
}

test('the keyboard of a phone composes every word, and its Enter adds the task', async ({ newcomer }) => {
  const phone = await newcomer({ userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36', serviceWorkers: 'block' })
  await phone.goto('/')
  await settled(phone)
  await clearTeaching(phone)
  for (const [word, init] of [['Milk', { isComposing: true, keyCode: 229 }], ['Café', { isComposing: true, keyCode: 13 }], ['Молоко', { keyCode: 229 }]] as const) {
    await composer(phone).focus()
    await phone.evaluate(([types, word, init]) => (0, eval)(`(${types})`)(word, [['keydown', init], ['compositionend', {}]]), [String(types), word, init] as const)
    await expect(title(phone, word)).toBeVisible()
  }
  await title(phone, 'Milk').click()
  await phone.evaluate(([types]) => (0, eval)(`(${types})`)('Oats', [['keydown', { isComposing: true, keyCode: 229 }]]), [String(types)] as const)
  await expect(title(phone, 'Oats')).toBeVisible()
  // Where it offers candidates, Enter takes one.
  await composer(phone).focus()
  await phone.evaluate(([types]) => (0, eval)(`(${types})`)('ぎゅうにゅう', [['keydown', { isComposing: true, keyCode: 229 }], ['compositionend', {}]]), [String(types)] as const)
  await expect(composer(phone)).toHaveValue('ぎゅうにゅう')
  await sees(phone, 'Oats', 'Café', 'Молоко')
})

test('the Enter that ends a syllable of Hangul is one for the page as well', async ({ alice }) => {
  await composer(alice).focus()
  const order: [string, object][] = [['keydown', { isComposing: true, keyCode: 229 }], ['compositionend', {}], ['keydown', { keyCode: 13 }]]
  await alice.evaluate(([types, order]) => (0, eval)(`(${types})`)('우유', order), [String(types), order] as const)
  await sees(alice, '우유')
  await settled(alice)
})

test('taking back by a key that is held takes back one', async ({ alice }) => {
  await composer(alice).focus()
  await paste(alice, 'One\nTwo\nThree')
  await sees(alice, 'One', 'Two', 'Three')
  await title(alice, 'One').press('Delete')
  await title(alice, 'Two').press('Delete')
  await sees(alice, 'Three')
  await composer(alice).focus()
  await alice.keyboard.down('Control')
  for (let times = 0; times < 6; times++) await alice.keyboard.down('z') // All but the first are repeats.
  await alice.keyboard.up('z')
  await alice.keyboard.up('Control')
  await sees(alice, 'Two', 'Three')
  await settled(alice)
})
