// What the page says of itself: live and how fast, paused and how much waits.
import { expect, test } from '../support/test.ts'
import { addTask, clearTeaching, sees, settled } from '../support/verbs.ts'

test('the page says how fast it is, and measures it at what one does', async ({ alice }) => {
  const sync = alice.getByRole('button', { name: /^Live/ })
  await expect(sync).toContainText(/^Live · \d+ ms/)
  await addTask(alice, 'Milk', 'Bread', 'Tea')
  await settled(alice)
  await expect(sync).toContainText(/^Live · \d+ ms/)
  // Who listens to the page hears that it is live, and not each time how fast.
  await expect(alice.getByRole('status').filter({ hasText: 'Live' })).toHaveText('Live')
})

test('one click pauses what others do, one lets it come; what one does oneself goes on', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
  await alice.getByRole('button', { name: /^Live/ }).click()
  const sync = alice.getByRole('button', { name: /^Paused/ })
  await expect(sync).toHaveAttribute('aria-pressed', 'true')
  await expect(alice.locator('html')).toHaveAttribute('data-sync', 'paused')
  await addTask(bob, 'Bread', 'Tea', 'Oats')
  await expect(sync).toContainText('Paused · 3 changes waiting')
  await sees(alice, 'Milk')
  await addTask(alice, 'Salt')
  await expect(alice.locator('html')).toHaveAttribute('data-pending', '0')
  await sees(alice, 'Milk', 'Salt')
  await expect(bob.getByRole('button', { name: 'Salt', exact: true })).toBeVisible()
  await addTask(bob, 'Rice')
  await expect(sync).toContainText('Paused · 4 changes waiting')
  await sync.click()
  await settled(alice)
  await sees(alice, 'Milk', 'Bread', 'Tea', 'Oats', 'Salt', 'Rice')
  await expect(alice.getByRole('button', { name: /^Live/ })).toHaveAttribute('aria-pressed', 'false')
})

test('paused and cut off, it says so, and resumes with everything', async ({ alice, bob, server }) => {
  await clearTeaching(alice)
  await alice.getByRole('button', { name: /^Live/ }).click()
  await expect(alice.locator('html')).toHaveAttribute('data-sync', 'paused')
  await server.kill()
  await expect(alice.locator('html')).toHaveAttribute('data-sync', 'offline')
  await addTask(alice, 'Milk')
  await expect(alice.getByRole('button', { name: /^Offline · 1 unsaved/ })).toHaveAttribute('aria-pressed', 'true')
  await server.restart()
  await settled(bob)
  await sees(bob, 'Milk') // It was the first to be sent, and is the first in the list.
  await addTask(bob, 'Bread')
  await expect(alice.getByRole('button', { name: /^Paused · 1 change waiting/ })).toBeVisible()
  await alice.getByRole('button', { name: /^Paused/ }).click()
  await settled(alice)
  await sees(alice, 'Milk', 'Bread')
})
