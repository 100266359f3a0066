// Sections: added, filled, folded, moved and made of tasks, for everyone on the list.
import { type Page, expect } from '@playwright/test'
import { test } from '../support/test.ts'
import {
  addTask, choose, clearTeaching, complete, composer, details, openCompleted, paste, row, sees, seesCompleted, settled, title, titleField,
} from '../support/verbs.ts'

/** Waits until these are read, in this order: a section with a colon behind it. */
async function reads(page: Page, ...expected: string[]) {
  const read = () =>
    page
      .locator('ul.tasks[aria-label="Tasks"] > .task')
      .evaluateAll((rows) =>
        rows.map((row) => row.querySelector('.task-title')!.textContent + (row.hasAttribute('data-section') ? ':' : '')),
      )
  await expect.poll(read).toEqual(expected)
}

/** Adds a section as a person does. */
async function addSection(page: Page, ...names: string[]) {
  const field = page.getByRole('textbox', { name: 'New section' })
  for (const name of names) {
    await field.fill(name)
    await field.press('Enter')
  }
}

/** Goes to the line, and waits until it is read. */
async function goToLine(page: Page) {
  await composer(page).focus()
  await expect(page.locator('.composer-mirror')).toBeAttached()
}

const fold = (page: Page, section: string) => page.getByRole('button', { name: `Section: ${section}`, exact: true })

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Lamp')
  await addSection(alice, 'Kitchen', 'Living room')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  await settled(alice)
  await goToLine(alice)
})

test('a line says its section, for both, and the section says how many tasks it has', async ({ alice, bob }) => {
  await composer(alice).fill('Bread /kit')
  await expect(alice.getByRole('button', { name: '/Kitchen' })).toBeVisible()
  await composer(alice).press('Tab')
  await expect(composer(alice)).toHaveValue('Bread /Kitchen ')
  await expect(alice.getByRole('button', { name: 'Section Kitchen. Keep as text' })).toBeVisible()
  await composer(alice).press('Enter')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  // From the section itself.
  await row(bob, 'Living room').hover()
  await bob.getByRole('button', { name: 'Add a task to Living room' }).click()
  await expect(composer(bob)).toBeFocused()
  const chosen = bob.getByRole('button', { name: 'Section Living room. Add to no section' })
  await expect(chosen).toBeVisible()
  // Until somebody says otherwise.
  for (const task of ['Sofa', 'Rug']) {
    await bob.keyboard.type(task)
    await bob.keyboard.press('Enter')
  }
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:', 'Sofa', 'Rug')
  await addTask(bob, 'Salt /Kitchen')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Salt', 'Living room:', 'Sofa', 'Rug')
  await bob.keyboard.press('Backspace')
  await expect(chosen).toHaveCount(0)
  await addTask(bob, 'Tea')
  await reads(alice, 'Milk', 'Lamp', 'Tea', 'Kitchen:', 'Bread', 'Salt', 'Living room:', 'Sofa', 'Rug')
  await expect(row(alice, 'Kitchen').getByRole('img', { name: '2 to be done' })).toBeVisible()
  await complete(alice, 'Bread')
  await expect(row(bob, 'Kitchen').getByRole('img', { name: '1 to be done' })).toBeVisible()
  await expect(alice.getByRole('heading', { name: 'Kitchen' })).toBeVisible()
  await expect(alice.getByRole('checkbox', { name: 'Kitchen' })).toHaveCount(0)
})

test('by keyboard alone a task goes from section to section, and a section goes with all of it', async ({ alice, bob }) => {
  await title(alice, 'Lamp').focus()
  await alice.keyboard.press('Alt+ArrowDown')
  await reads(bob, 'Milk', 'Kitchen:', 'Lamp', 'Living room:')
  await expect(title(alice, 'Lamp')).toBeFocused()
  await alice.keyboard.press('Alt+ArrowDown')
  await reads(bob, 'Milk', 'Kitchen:', 'Living room:', 'Lamp')
  await title(alice, 'Living room').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await reads(bob, 'Milk', 'Living room:', 'Lamp', 'Kitchen:')
  await expect(title(alice, 'Living room')).toBeFocused()
  await title(alice, 'Lamp').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await reads(bob, 'Milk', 'Lamp', 'Living room:', 'Kitchen:')
  // What is said of tasks is not said of a section.
  await title(alice, 'Kitchen').focus()
  await alice.keyboard.press('1')
  await alice.keyboard.press('d')
  await expect(alice.getByRole('menu')).toHaveCount(0)
  await expect(row(bob, 'Kitchen').locator('.task-priority')).toHaveCount(0)
})

test('a section is folded for oneself, also after a reload, and unfolds for what is added to it', async ({ alice, bob }) => {
  await addTask(alice, 'Bread /Kitchen')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  await fold(alice, 'Kitchen').focus()
  await alice.keyboard.press('Enter')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  await expect(fold(alice, 'Kitchen')).toHaveAttribute('aria-expanded', 'false')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  await settled(alice)
  await alice.reload()
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  await expect(fold(alice, 'Kitchen')).toHaveAttribute('aria-expanded', 'false')
  await expect(fold(alice, 'Living room')).toHaveAttribute('aria-expanded', 'true')
  // Others go on in it.
  await goToLine(bob)
  await addTask(bob, 'Salt /Kitchen')
  await expect(row(alice, 'Kitchen').getByRole('img', { name: '2 to be done' })).toBeVisible()
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  await settled(alice)
  await goToLine(alice)
  await addTask(alice, 'Rice /Kitchen')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Salt', 'Rice', 'Living room:')
})

test('no row that somebody is in goes out of sight, whoever moves it into a section that is folded', async ({ alice, bob }) => {
  await fold(alice, 'Kitchen').click()
  await title(alice, 'Lamp').focus()
  await alice.keyboard.press('Alt+ArrowDown')
  await reads(bob, 'Milk', 'Kitchen:', 'Lamp', 'Living room:')
  await reads(alice, 'Milk', 'Kitchen:', 'Lamp', 'Living room:')
  await expect(title(alice, 'Lamp')).toBeFocused()
  await expect(fold(alice, 'Kitchen')).toHaveAttribute('aria-expanded', 'true')
  await fold(alice, 'Kitchen').click()
  await reads(alice, 'Milk', 'Kitchen:', 'Living room:')
  await title(alice, 'Milk').click()
  await titleField(alice).fill('Oat mi')
  await settled(bob)
  await title(bob, 'Milk').focus()
  await bob.keyboard.press('Alt+ArrowDown')
  await reads(bob, 'Kitchen:', 'Milk', 'Lamp', 'Living room:')
  await expect(fold(alice, 'Kitchen')).toHaveAttribute('aria-expanded', 'true')
  await expect(titleField(alice)).toBeFocused()
  await alice.keyboard.type('lk')
  await alice.keyboard.press('Enter')
  await reads(bob, 'Kitchen:', 'Oat milk', 'Lamp', 'Living room:')
})

test('a key that is pressed once more deletes no section', async ({ alice, bob }) => {
  await addTask(alice, 'Bread /Kitchen')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  await title(alice, 'Milk').focus()
  for (const next of ['Lamp', 'Bread']) {
    await alice.keyboard.press('Delete')
    await expect(title(alice, next)).toBeFocused()
  }
  await alice.keyboard.press('Delete')
  await reads(bob, 'Kitchen:', 'Living room:')
  await expect(composer(alice)).toBeFocused()
})

test('a task becomes a section with its subtasks, and one undo makes it a task again', async ({ alice, bob }) => {
  await title(alice, 'Lamp').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await expect(row(bob, 'Milk').getByRole('img', { name: '0 of 1 subtasks done' })).toBeVisible()
  await choose(alice, 'Milk', 'Make it a section')
  await reads(bob, 'Milk:', 'Lamp', 'Kitchen:', 'Living room:')
  await expect(title(alice, 'Milk')).toBeFocused()
  await alice.keyboard.press('z')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  await expect(bob.getByRole('checkbox', { name: 'Milk' })).toBeVisible()
  await choose(bob, 'Kitchen', 'Make it a task')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen', 'Living room:')
})

test('a section is renamed, and deleted with its tasks, which one undo brings back', async ({ alice, bob }) => {
  await addTask(alice, 'Bread /Kitchen', 'Salt /Kitchen')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Salt', 'Living room:')
  await complete(bob, 'Salt')
  await title(alice, 'Kitchen').click()
  await titleField(alice).fill('Pantry')
  await titleField(alice).press('Enter')
  await reads(bob, 'Milk', 'Lamp', 'Pantry:', 'Bread', 'Living room:')
  await settled(bob)
  await title(alice, 'Pantry').focus()
  await alice.keyboard.press('Delete')
  await reads(bob, 'Milk', 'Lamp', 'Living room:')
  await expect(alice.getByText('Deleted “Pantry” and 2 tasks.')).toBeVisible()
  await alice.keyboard.press('z')
  await reads(bob, 'Milk', 'Lamp', 'Pantry:', 'Bread', 'Living room:')
  await openCompleted(bob)
  await seesCompleted(bob, 'Salt')
  await bob.getByRole('button', { name: 'Clear completed' }).click()
  await reads(alice, 'Milk', 'Lamp', 'Pantry:', 'Bread', 'Living room:')
})

test('a row that is dragged below a section is in it, and a section that is dragged takes its tasks along', async ({ alice, bob }) => {
  await addTask(alice, 'Bread /Kitchen')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  const drag = async (from: string, to: string) => {
    const [start, end] = [await title(alice, from).boundingBox(), await row(alice, to).boundingBox()]
    const y = end!.y + end!.height - 4
    await alice.mouse.move(start!.x + 10, start!.y + start!.height / 2)
    await alice.mouse.down()
    // What drags comes with the first press, and takes the row once it is here.
    await expect(async () => {
      await alice.mouse.move(start!.x + 10, start!.y + start!.height / 2 + 12, { steps: 3 })
      await expect(alice.locator('[data-dragged]')).toBeAttached({ timeout: 250 })
    }).toPass()
    await alice.mouse.move(start!.x + 12, y - 20, { steps: 5 })
    await alice.mouse.move(start!.x + 12, y, { steps: 3 })
    await alice.mouse.up()
  }
  await drag('Milk', 'Living room')
  await reads(bob, 'Lamp', 'Kitchen:', 'Bread', 'Living room:', 'Milk')
  await drag('Lamp', 'Kitchen')
  await reads(bob, 'Kitchen:', 'Lamp', 'Bread', 'Living room:', 'Milk')
  await drag('Kitchen', 'Milk')
  await reads(bob, 'Living room:', 'Milk', 'Kitchen:', 'Lamp', 'Bread')
  await alice.keyboard.press('z')
  await reads(bob, 'Kitchen:', 'Lamp', 'Bread', 'Living room:', 'Milk')
})

test('beside the list the section of a task is chosen, and follows what others do', async ({ alice, bob }) => {
  await details(alice, 'Milk')
  const of = (name: string) => alice.getByRole('group', { name: 'Section' }).getByRole('button', { name, exact: true })
  await expect(of('No section')).toHaveAttribute('aria-pressed', 'true')
  await of('Living room').click()
  await reads(bob, 'Lamp', 'Kitchen:', 'Living room:', 'Milk')
  await expect(of('Living room')).toHaveAttribute('aria-pressed', 'true')
  await settled(bob)
  await title(bob, 'Milk').focus()
  await bob.keyboard.press('Alt+ArrowUp')
  await expect(of('Kitchen')).toHaveAttribute('aria-pressed', 'true')
})

test('headings of lines that are pasted are sections, and one undo takes all back', async ({ alice, bob }) => {
  await composer(alice).focus()
  await paste(alice, 'Soap\n## Garden\n- Rake\n  - New handle\n- Seeds\n## Cellar\n- Wine')
  await reads(bob, 'Milk', 'Lamp', 'Soap', 'Kitchen:', 'Living room:', 'Garden:', 'Rake', 'New handle', 'Seeds', 'Cellar:', 'Wine')
  await expect(alice.getByText('Added 5 tasks and 2 sections.')).toBeVisible()
  await alice.getByRole('button', { name: 'Undo' }).click()
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Living room:')
  // What is pasted goes where the line adds to.
  await fold(alice, 'Kitchen').click()
  await row(alice, 'Kitchen').hover()
  await alice.getByRole('button', { name: 'Add a task to Kitchen' }).click()
  await expect(composer(alice)).toBeFocused()
  await paste(alice, 'Plates\nCups')
  await reads(bob, 'Milk', 'Lamp', 'Kitchen:', 'Plates', 'Cups', 'Living room:')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Plates', 'Cups', 'Living room:')
})

test('what is typed for a section that somebody deletes meanwhile is kept', async ({ alice, bob }) => {
  await alice.context().setOffline(true)
  await addTask(alice, 'Bread /Kitchen')
  await reads(alice, 'Milk', 'Lamp', 'Kitchen:', 'Bread', 'Living room:')
  await title(bob, 'Kitchen').focus()
  await bob.keyboard.press('Delete')
  await sees(bob, 'Milk', 'Lamp', 'Living room')
  await settled(bob)
  await alice.context().setOffline(false)
  await expect(alice.getByRole('region', { name: 'Not saved' })).toContainText('Bread')
  await reads(alice, 'Milk', 'Lamp', 'Living room:')
})
