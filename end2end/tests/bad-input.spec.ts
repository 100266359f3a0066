// What people type that is no title: a sentence where they typed it, and what they typed stays.
import { expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, paste, sees, settled, title, titleField } from '../support/verbs.ts'

test.beforeEach(async ({ alice }) => {
  await clearTeaching(alice)
})

test('nothing and white space add nothing', async ({ alice }) => {
  await composer(alice).press('Enter')
  await expect(composer(alice)).toHaveJSProperty('validity.valueMissing', true)
  await composer(alice).fill(' \u00a0\u3000\u200b ')
  await composer(alice).press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'Please type something first.' })).toBeVisible()
  await expect(composer(alice)).toHaveAccessibleDescription('Please type something first.')
  await sees(alice)
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await sees(alice, 'Milk')
  await expect(composer(alice)).not.toHaveAttribute('aria-invalid')
})

test('500 characters fit, 501 do not', async ({ alice, bob }) => {
  await addTask(alice, 'é'.repeat(500))
  await sees(bob, 'é'.repeat(500))
  await composer(alice).fill('é'.repeat(501))
  await composer(alice).press('Enter')
  await expect(alice.getByText('This is 501 characters long. The limit is 500.')).toBeVisible()
  await expect(composer(alice)).toHaveValue('é'.repeat(501))
  await expect(composer(alice)).toBeFocused()
  await sees(alice, 'é'.repeat(500))
})

test('10,000 characters pasted stay where they were pasted', async ({ alice }) => {
  await composer(alice).focus()
  await paste(alice, 'x'.repeat(10_000))
  await alice.keyboard.press('Enter')
  await expect(alice.getByText('This is 10000 characters long. The limit is 500.')).toBeVisible()
  await expect(composer(alice)).toHaveValue('x'.repeat(10_000))
})

test('of many lines pasted, the one that does not fit is kept', async ({ alice }) => {
  await composer(alice).focus()
  await paste(alice, `Milk\n${'x'.repeat(501)}\nBread`)
  await sees(alice, 'Milk', 'Bread')
  await expect(alice.getByRole('heading', { name: 'Not saved' })).toBeVisible()
  await expect(alice.getByText('x'.repeat(501))).toBeVisible()
  await alice.reload()
  await settled(alice)
  await expect(alice.getByText('x'.repeat(501))).toBeVisible()
  await alice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(alice.getByRole('heading', { name: 'Not saved' })).toBeHidden()
})

test('a title changed to nothing or to too much says so, and Escape gives back the old one', async ({ alice }) => {
  await addTask(alice, 'Milk')
  await title(alice, 'Milk').click()
  await titleField(alice).fill('')
  await titleField(alice).press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'Please type something first.' })).toBeVisible()
  await titleField(alice).fill('x'.repeat(501))
  await titleField(alice).press('Enter')
  await expect(alice.getByText('This is 501 characters long. The limit is 500.')).toBeVisible()
  await expect(titleField(alice)).toHaveValue('x'.repeat(501))
  await titleField(alice).press('Escape')
  await sees(alice, 'Milk')
})

test('emoji, right to left, and what looks like markup are shown as they were typed', async ({ alice, bob }) => {
  const strange = ['👩🏽‍🚀 👨‍👩‍👧', 'قائمة المشتريات', '<script>document.title="x"</script><b>bold</b>', '&amp; &lt; "quoted" \\n %00', 'a   b']
  await addTask(alice, ...strange)
  await sees(bob, ...strange)
  await bob.reload()
  await settled(bob)
  await sees(bob, ...strange)
  expect(await title(bob, strange[1]!).evaluate((element) => getComputedStyle(element).direction)).toBe('rtl')
  await expect(bob).toHaveTitle(/Tandem$/)
})

test('a list is not called nothing', async ({ alice }) => {
  const name = alice.getByRole('textbox', { name: 'List name' })
  await name.fill('x'.repeat(101))
  await name.press('Enter')
  await expect(alice.getByText('This is 101 characters long. The limit is 100.')).toBeVisible()
  await name.focus()
  await name.press('Escape')
  await expect(name).toHaveValue('My list')
})

test('the composer takes no Enter that ends an input method', async ({ alice }) => {
  await composer(alice).focus()
  const session = await alice.context().newCDPSession(alice)
  await session.send('Input.imeSetComposition', { text: '牛乳', selectionStart: 2, selectionEnd: 2 })
  await session.send('Input.insertText', { text: '牛乳' })
  await sees(alice)
  await alice.keyboard.press('Enter')
  await sees(alice, '牛乳')
})
