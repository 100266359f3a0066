// Back and forward may bring a page out of the browser's cache as it was left, its script and all: it must be live again.
// Chromium 148 keeps ours out, since it may not be stored and renews the cookie, and since a page that is the only one to
// share a worker is not kept. (A browser that keeps it is played by unit/.)
import { expect, test } from '../support/test.ts'
import { addTask, settled, title } from '../support/verbs.ts'

// Playwright turns the cache off that people have.
test.use({
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
})

test('a page that comes back by Back is live', async ({ alice, bob }) => {
  await alice.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.persisted = String(persisted)))
  })
  await alice.goto('/me')
  await addTask(bob, 'Milk')
  await settled(bob)
  await alice.goBack()
  await settled(alice)
  await expect(title(alice, 'Milk')).toBeVisible()
  await addTask(bob, 'Bread')
  await expect(title(alice, 'Bread')).toBeVisible()
  const persisted = await alice.locator('html').getAttribute('data-persisted')
  test.info().annotations.push({ type: 'back/forward cache', description: persisted === 'true' ? 'used' : 'not used' })
})
