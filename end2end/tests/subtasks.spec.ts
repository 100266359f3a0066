// Subtasks: by key, by menu, by dragging and by paste, for everyone on the list; and what goes with a task.
import { type Page, expect } from '@playwright/test'
import { test } from '../support/test.ts'
import {
  addTask, check, choose, clearTeaching, complete, details, openCompleted, paste, row, sees, seesCompleted, settled, title, titleField,
} from '../support/verbs.ts'

/** Waits until what is to be done are these, in this order, each with as many dots before it as it is levels in. */
async function reads(page: Page, ...expected: string[]) {
  const read = () =>
    page.locator('ul.tasks[aria-label="Tasks"] > .task').evaluateAll((rows) =>
      rows.map((row) => '.'.repeat(Number(row.getAttribute('aria-level') ?? 1) - 1) + row.querySelector('.task-title')!.textContent),
    )
  await expect.poll(read).toEqual(expected)
}

const progress = (page: Page, task: string) => row(page, task).getByRole('img', { name: /subtasks done/ })

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Party', 'Cake', 'Flour', 'Music')
  await sees(bob, 'Party', 'Cake', 'Flour', 'Music')
  await settled(alice)
})

test('a task goes in and out by Tab while its title is typed, for both, and nothing typed is lost', async ({ alice, bob }) => {
  await title(alice, 'Cake').click()
  await titleField(alice).fill('Chocolate cake')
  await titleField(alice).press('Tab')
  // The row is as high as what is typed, which is not saved yet.
  await reads(alice, 'Party', '.Chocolate cake', 'Flour', 'Music')
  await reads(bob, 'Party', '.Cake', 'Flour', 'Music')
  await expect(titleField(alice)).toBeFocused()
  await expect(titleField(alice)).toHaveValue('Chocolate cake')
  await titleField(alice).press('Enter')
  await reads(bob, 'Party', '.Chocolate cake', 'Flour', 'Music')
  await title(alice, 'Flour').click()
  await titleField(alice).press('Tab')
  await titleField(alice).press('Tab')
  await reads(bob, 'Party', '.Chocolate cake', '..Flour', 'Music')
  await titleField(alice).press('Shift+Tab')
  await reads(bob, 'Party', '.Chocolate cake', '.Flour', 'Music')
  await titleField(alice).press('Escape')
  await expect(title(alice, 'Flour')).toBeFocused()
  await expect(progress(bob, 'Party')).toHaveText('0/2')
  await settled(alice)
  await alice.reload()
  await reads(alice, 'Party', '.Chocolate cake', '.Flour', 'Music')
})

test('by keyboard alone a task goes in and out, and takes its subtasks along', async ({ alice, bob }) => {
  await title(alice, 'Flour').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await reads(bob, 'Party', 'Cake', '.Flour', 'Music')
  await expect(title(alice, 'Flour')).toBeFocused()
  await title(alice, 'Cake').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await reads(bob, 'Party', '.Cake', '..Flour', 'Music')
  await title(alice, 'Music').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await reads(bob, 'Music', 'Party', '.Cake', '..Flour')
  await title(alice, 'Cake').focus()
  await alice.keyboard.press('Alt+ArrowLeft')
  await reads(bob, 'Music', 'Party', 'Cake', '.Flour')
  await choose(bob, 'Cake', 'Make it a subtask')
  await reads(alice, 'Music', 'Party', '.Cake', '..Flour')
  await choose(bob, 'Flour', 'Move out')
  await reads(alice, 'Music', 'Party', '.Cake', '.Flour')
})

test('what completes a task asks once about its subtasks, and one undo takes all back', async ({ alice, bob }) => {
  for (const task of ['Cake', 'Flour']) {
    await title(alice, task).focus()
    await alice.keyboard.press('Alt+ArrowRight')
    await expect(row(alice, task)).toHaveAttribute('aria-level', '2')
  }
  await reads(bob, 'Party', '.Cake', '.Flour', 'Music')
  await check(alice, 'Party').focus()
  await alice.keyboard.press('Space')
  await expect(alice.getByText('has 2 open subtasks. Complete them, too?')).toBeVisible()
  await expect(alice.getByRole('button', { name: 'Complete all' })).toBeFocused()
  await reads(bob, 'Party', '.Cake', '.Flour', 'Music')
  await alice.keyboard.press('Enter')
  await reads(bob, 'Music')
  await expect(alice.getByText('and 2 subtasks.')).toBeVisible()
  await alice.getByRole('button', { name: 'Undo' }).click()
  await reads(bob, 'Party', '.Cake', '.Flour', 'Music')
  // It is asked no more, until that is wanted.
  await complete(alice, 'Party')
  await reads(bob, 'Music')
  await expect(alice.getByText('Complete them, too?')).toHaveCount(0)
  await alice.getByRole('button', { name: 'Ask next time' }).click()
  await alice.keyboard.press('z')
  await reads(bob, 'Party', '.Cake', '.Flour', 'Music')
  await complete(alice, 'Party')
  await expect(alice.getByText('Complete them, too?')).toBeVisible()
})

test('what is cleared comes back by one undo, each in its place', async ({ alice, bob }) => {
  await title(alice, 'Cake').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await reads(alice, 'Party', '.Cake', 'Flour', 'Music')
  await complete(alice, 'Cake')
  await complete(alice, 'Party')
  await openCompleted(alice)
  await alice.getByRole('button', { name: 'Clear completed' }).click()
  await expect(alice.getByText('Cleared 2 completed.')).toBeVisible()
  await reads(bob, 'Flour', 'Music')
  await alice.keyboard.press('z')
  await openCompleted(bob)
  await expect(progress(bob, 'Party')).toHaveText('1/1')
})

test('only the task itself is completed where that is meant, and its subtasks stay to be done', async ({ alice, bob }) => {
  await title(alice, 'Cake').focus()
  await alice.keyboard.press('Alt+ArrowRight')
  await reads(alice, 'Party', '.Cake', 'Flour', 'Music')
  await complete(alice, 'Party')
  await alice.getByRole('button', { name: 'Only this one' }).click()
  await reads(bob, 'Cake', 'Flour', 'Music')
  await openCompleted(bob)
  await seesCompleted(bob, 'Party')
  await expect(progress(bob, 'Party')).toHaveText('0/1')
  await bob.getByRole('button', { name: 'Clear completed' }).click()
  await reads(alice, 'Cake', 'Flour', 'Music')
  await settled(bob)
  await bob.reload()
  await reads(bob, 'Cake', 'Flour', 'Music')
})

test('progress is counted for both, and what is deleted takes its subtasks along and brings them back', async ({ alice, bob }) => {
  for (const task of ['Cake', 'Flour']) {
    await title(alice, task).focus()
    await alice.keyboard.press('Alt+ArrowRight')
    await expect(row(alice, task)).toHaveAttribute('aria-level', '2')
  }
  await complete(bob, 'Cake')
  await expect(progress(alice, 'Party')).toHaveAccessibleName('1 of 2 subtasks done')
  await title(alice, 'Party').focus()
  await alice.keyboard.press('Delete')
  await reads(bob, 'Music')
  await expect(title(alice, 'Music')).toBeFocused()
  await expect(alice.getByText('and 2 subtasks.')).toBeVisible()
  await alice.getByRole('button', { name: 'Undo' }).click()
  await reads(bob, 'Party', '.Flour', 'Music')
  await expect(progress(bob, 'Party')).toHaveText('1/2')
})

test('a row that is dragged to the side becomes a subtask, and one that is dragged back none', async ({ alice, bob }) => {
  const middle = async (task: string) => {
    const { x, y, width, height } = (await row(alice, task).boundingBox())!
    return { x: x + width / 2, y: y + height / 2, height }
  }
  const drag = async (task: string, below: string, aside: number) => {
    const [from, to] = [await middle(task), await middle(below)]
    await alice.mouse.move(from.x, from.y)
    await alice.mouse.down()
    await expect(async () => {
      await alice.mouse.move(from.x, from.y + 10)
      await alice.mouse.move(from.x + aside, to.y + to.height / 4, { steps: 4 })
      expect(await row(alice, task).getAttribute('data-dragged')).toBe('')
    }).toPass()
    await alice.mouse.up()
  }
  await drag('Music', 'Party', 40)
  await reads(bob, 'Party', '.Music', 'Cake', 'Flour')
  await drag('Flour', 'Music', 70)
  await reads(bob, 'Party', '.Music', '..Flour', 'Cake')
  await drag('Music', 'Cake', -60)
  await reads(bob, 'Party', 'Cake', 'Music', '.Flour')
  await alice.keyboard.press('z')
  await reads(bob, 'Party', '.Music', '..Flour', 'Cake')
})

test('lines that are pasted with an indent are subtasks, and one undo takes all of them back', async ({ alice, bob }) => {
  await paste(alice, 'Trip\n  - Train\n    - Seats\n  - [x] Hotel\nGarden\n\tRoses')
  await reads(bob, 'Party', 'Cake', 'Flour', 'Music', 'Trip', '.Train', '..Seats', 'Garden', '.Roses')
  await expect(progress(bob, 'Trip')).toHaveText('1/2')
  await alice.getByRole('button', { name: 'Undo' }).click()
  await reads(bob, 'Party', 'Cake', 'Flour', 'Music')
  // What is below a line that does not fit is not given to another.
  await paste(alice, `Trip\n${'x'.repeat(501)}\n  Seats`)
  await reads(bob, 'Party', 'Cake', 'Flour', 'Music', 'Trip', 'Seats')
})

test('subtasks are added beside the list, and what is typed there is kept', async ({ alice, bob }) => {
  await details(alice, 'Party')
  const field = alice.getByRole('textbox', { name: 'Subtask' })
  await field.fill('Balloons')
  await field.press('Enter')
  await expect(field).toHaveValue('')
  await expect(field).toBeFocused()
  await field.fill('Candles')
  await field.press('Enter')
  await reads(bob, 'Party', '.Balloons', '.Candles', 'Cake', 'Flour', 'Music')
  await expect(alice.getByRole('region', { name: 'Party' })).toContainText('0 of 2 done')
  await field.fill('Half a thought')
  await field.press('Escape')
  await expect(alice.getByText('Half a thought')).toBeVisible()
})

test('two who put two tasks into each other make no circle, also offline', async ({ alice, bob }) => {
  await title(alice, 'Cake').focus()
  await alice.context().setOffline(true)
  await alice.keyboard.press('Alt+ArrowRight')
  await reads(alice, 'Party', '.Cake', 'Flour', 'Music')
  await title(bob, 'Party').focus()
  await bob.keyboard.press('Alt+ArrowDown')
  await bob.keyboard.press('Alt+ArrowRight')
  await reads(bob, 'Cake', '.Party', 'Flour', 'Music')
  await alice.context().setOffline(false)
  await expect(alice.getByText('A task cannot be a subtask of itself.')).toBeVisible({ timeout: 15_000 })
  await reads(alice, 'Cake', '.Party', 'Flour', 'Music')
})
