// Everything by keys alone.
import { expect, test } from '../support/test.ts'
import { check, clearTeaching, composer, notesField, openCompleted, sees, seesCompleted, settled, title, titleField } from '../support/verbs.ts'

test('Tab leads through the page in the order in which it reads', async ({ alice }) => {
  await clearTeaching(alice)
  await composer(alice).fill('Milk')
  await composer(alice).press('Enter')
  await sees(alice, 'Milk')
  await settled(alice)
  await alice.reload()
  await settled(alice)
  const order: string[] = []
  for (let step = 0; step < 14; step++) {
    await alice.keyboard.press('Tab')
    order.push(
      await alice.evaluate(() => {
        const at = document.activeElement!
        const labelled = at.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ')
        return `${at.getAttribute('role') ?? at.tagName.toLowerCase()} ${at.ariaLabel ?? labelled ?? at.textContent}`
      }),
    )
    if (order.at(-1)!.includes('More:')) break
  }
  expect(order.map((stop) => (stop.includes('Change name') ? 'a me' : stop))).toEqual([
    'a Skip to the list',
    'a Tandem',
    expect.stringContaining('My list'),
    'input New list',
    'button Add list',
    'a me',
    'textarea List name',
    'a Share',
    expect.stringMatching(/^button Live.* – pause live updates$/),
    'input Add a task',
    'button Add',
    'checkbox Milk',
    'button Milk',
    'button More: Milk',
  ])
})

test('a day of work without a mouse', async ({ alice, bob }) => {
  await clearTeaching(alice)
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => alice.keyboard.press(key)), Promise.resolve())
  await composer(alice).focus()
  for (const task of ['Milk', 'Bread', 'Tea']) {
    await alice.keyboard.type(task)
    await press('Enter')
  }
  await expect(composer(alice)).toBeFocused()
  await sees(bob, 'Milk', 'Bread', 'Tea')

  // Up and down among the titles, Enter to edit.
  await title(alice, 'Milk').focus()
  await press('ArrowDown')
  await expect(title(alice, 'Bread')).toBeFocused()
  await press('Enter')
  await expect(titleField(alice)).toBeFocused()
  await alice.keyboard.type(', rye')
  await press('Enter')
  await expect(title(alice, 'Bread, rye')).toBeFocused()

  // Alt and an arrow moves; the focus stays on the task.
  await press('Alt+ArrowUp')
  await sees(bob, 'Bread, rye', 'Milk', 'Tea')
  await expect(title(alice, 'Bread, rye')).toBeFocused()

  // Notes.
  await press('n')
  await expect(notesField(alice)).toBeFocused()
  await alice.keyboard.type('From the corner.')
  await press('Escape')
  await expect(title(alice, 'Bread, rye')).toBeFocused()
  await settled(alice)

  // Space on the check completes, and the focus goes on to the next.
  await press('Shift+Tab')
  await expect(check(alice, 'Bread, rye')).toBeFocused()
  await press('Space')
  await seesCompleted(bob, 'Bread, rye')
  await expect(check(alice, 'Milk')).toBeFocused()

  // The menu: opens at its first item, arrows go round, Escape gives the focus back.
  await alice.getByRole('button', { name: 'More: Milk' }).focus()
  await press('Enter')
  await expect(alice.getByRole('menuitem', { name: 'Edit' })).toBeFocused()
  await press('ArrowUp')
  await expect(alice.getByRole('menuitem', { name: 'Delete' })).toBeFocused()
  await press('ArrowDown', 'ArrowDown')
  await expect(alice.getByRole('menuitem', { name: 'Notes' })).toBeFocused()
  await press('Escape')
  await expect(alice.getByRole('menu')).toBeHidden()
  await expect(alice.getByRole('button', { name: 'More: Milk' })).toBeFocused()

  // Delete, and the focus is on the next.
  await title(alice, 'Milk').focus()
  await press('Delete')
  await sees(bob, 'Tea')
  await expect(title(alice, 'Tea')).toBeFocused()
  await alice.getByRole('button', { name: 'Undo' }).focus()
  await press('Enter')
  await sees(bob, 'Milk', 'Tea')
  await expect(composer(alice)).toBeFocused()

  // Completed: unfolds by Enter, its task is taken up again by Space.
  await alice.locator('summary').focus()
  await press('Enter')
  await openCompleted(alice)
  await check(alice, 'Bread, rye').focus()
  await press('Space')
  await sees(bob, 'Bread, rye', 'Milk', 'Tea')
})
