// Text from other programs, and text that is more than letters: what it becomes, and that it harms nothing around it.
import { expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, openCompleted, paste, row, sees, seesCompleted, settled, title } from '../support/verbs.ts'

test.beforeEach(async ({ alice }) => {
  await clearTeaching(alice)
})

test('lines of any program are tasks, without their bullets, numbers and boxes', async ({ alice, bob }) => {
  await composer(alice).focus()
  await paste(alice, '•\tMilk\rBread\u2028– Tea\u000b1. Eggs\u000c☐ Flour\u0085[x] Oats\r\n"Two\nlines"\t3\no\tSalt')
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Eggs', 'Flour', 'Two lines 3', 'Salt')
  await openCompleted(bob)
  await seesCompleted(bob, 'Oats')
})

test('a tab or another line break in one title is a space', async ({ alice, bob }) => {
  await addTask(alice, 'Milk\t2', 'Bread\u2029rye')
  await sees(bob, 'Milk 2', 'Bread rye')
})

test('what draws nothing is no task', async ({ alice }) => {
  for (const nothing of ['\u3164', '\u2800\u2800', '\u115f\u1160', '\ufe0f', '\u0301', '\u{e0041}', '\u061c\u200f']) {
    await composer(alice).fill(nothing)
    await composer(alice).press('Enter')
    await expect(composer(alice)).toHaveAccessibleDescription('Please type something first.')
    await expect(composer(alice)).toHaveValue(nothing)
  }
  await sees(alice)
})

test('what turns direction turns nothing around it, and marks draw over nothing', async ({ alice, bob }) => {
  const zalgo = `Z${'\u0348\u0301'.repeat(40)}`.normalize()
  await addTask(alice, '\u202egnp.exe', 'Milk', zalgo, 'Bread', 'חלב 5')
  await sees(bob, 'gnp.exe', 'Milk', zalgo, 'Bread', 'חלב 5')
  expect(await title(bob, zalgo).evaluate((element) => getComputedStyle(element).overflowY)).toBe('clip')
  await title(alice, 'חלב 5').press('Delete')
  await expect(alice.getByText('Deleted “\u2068חלב 5\u2069”.')).toBeVisible()
  await expect(row(alice, 'Milk')).toBeVisible()
})

test('an initial is one character as people count them', async ({ alice, bob }) => {
  for (const [name, initial] of [['👨‍👩‍👧 Ana', '👨‍👩‍👧'], ['🇩🇪 Ana', '🇩🇪'], ['e\u0301va', 'é'], ['नि', 'नि']] as const) {
    await alice.goto('/me')
    await alice.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await alice.getByRole('button', { name: 'Save' }).first().click()
    await expect(bob.locator('.members').getByText(initial, { exact: true })).toBeVisible()
    await alice.goto('/')
    await settled(alice)
    await expect(alice.locator('.me .avatar')).toHaveText(initial)
  }
})
