// What lies between a browser and its server, and what it does to a stream: the page is live again by itself, says the
// truth meanwhile, and asks instead of listening only where nothing else gets through.
import type { Proxy } from '../support/proxy.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, isNow, sees, settled, title, titleField } from '../support/verbs.ts'

/** The same person, by the way of the proxy. */
async function throughProxy(alice: Page, proxy: Proxy, newcomer: () => Promise<Page>) {
  await clearTeaching(alice)
  const page = await newcomer()
  await page.context().addCookies(await alice.context().cookies())
  await page.goto(proxy.url + new URL(alice.url()).pathname)
  return page
}

test('a proxy that swallows the stream: the page asks instead, and listens again when it can', async ({ alice, bob, between: proxy, newcomer }) => {
  test.slow()
  proxy.fault = 'swallows'
  const page = await throughProxy(alice, proxy, newcomer)
  await settled(page)
  expect(proxy.asked['/events']).toBe(2)
  await addTask(bob, 'Milk')
  await sees(page, 'Milk')
  await addTask(page, 'Bread')
  await sees(bob, 'Milk', 'Bread')
  await settled(page)
  proxy.fault = 'none'
  await expect.poll(() => proxy.streams, { timeout: 60_000 }).toBe(1)
  await addTask(bob, 'Tea')
  await sees(page, 'Milk', 'Bread', 'Tea')
  const { '/changes': asked } = proxy.asked
  await addTask(bob, 'Oats')
  await sees(page, 'Milk', 'Bread', 'Tea', 'Oats')
  expect(proxy.asked['/changes']).toBe(asked)
})

test('a server that drains or is full is never asked instead', async ({ alice, bob, between: proxy, newcomer, server }) => {
  const page = await throughProxy(alice, proxy, newcomer)
  await settled(page)
  proxy.fault = 'sheds'
  proxy.cut()
  await expect.poll(() => proxy.asked['/events'], { timeout: 30_000 }).toBeGreaterThan(6)
  expect(await page.locator('html').getAttribute('data-sync')).not.toBe('live')
  proxy.fault = 'none'
  await settled(page)
  for (const task of ['Milk', 'Bread']) {
    await server.stop()
    await server.restart()
    await settled(bob)
    await addTask(bob, task)
    await expect(title(page, task)).toBeVisible()
  }
  expect(proxy.asked['/changes']).toBeUndefined()
})

test('a network that is cut without an error is noticed, and nothing is missed', async ({ alice, bob, between: proxy, newcomer, server }) => {
  await server.restart('--heartbeat', '2')
  await settled(bob)
  const page = await throughProxy(alice, proxy, newcomer)
  await settled(page)
  proxy.fault = 'dead'
  await addTask(bob, 'Milk')
  await addTask(page, 'Bread')
  await isNow(page, 'offline')
  await expect(page.getByRole('button', { name: /Offline · 1 unsaved/ })).toBeVisible()
  proxy.fault = 'none'
  proxy.cut()
  await settled(page)
  await sees(page, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
  expect(proxy.asked['/changes']).toBeUndefined()
})

test('a clock that is set, back or forward, wedges nothing', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await alice.clock.install()
  await alice.reload()
  await settled(alice)
  for (const [hours, task] of [[9, 'Milk'], [-30, 'Bread']] as const) {
    await alice.clock.setSystemTime(Date.now() + hours * 3_600_000)
    await addTask(bob, task)
    await expect(title(alice, task)).toBeVisible()
    await addTask(alice, `${task} too`)
    await expect(title(bob, `${task} too`)).toBeVisible()
    await settled(alice)
  }
})

test('a session that has ended is told in words, and nothing typed is lost', async ({ alice }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await settled(alice)
  await title(alice, 'Milk').click()
  await titleField(alice).fill('Oat milk, two')
  await alice.context().clearCookies()
  const other = await alice.context().newPage()
  await alice.bringToFront()
  await composer(alice).fill('Bread')
  await composer(alice).press('Enter')
  await expect(alice.getByRole('alert').filter({ hasText: 'Your session has ended' })).toBeVisible()
  await expect(alice.getByRole('button', { name: /^Session ended/ })).toBeVisible()
  const tray = alice.getByRole('region', { name: 'Not saved' })
  await expect(tray).toContainText('Bread')
  await composer(alice).fill('Half a thought')
  await alice.getByRole('button', { name: 'Begin anew' }).click()
  await settled(alice)
  await expect(tray).toContainText('Bread')
  await expect(tray).toContainText('Oat milk, two')
  await expect(tray).toContainText('Half a thought')
  await tray.getByRole('listitem').filter({ hasText: 'Bread' }).getByRole('button', { name: 'Add as a task' }).click()
  await settled(alice)
  await expect(title(alice, 'Bread')).toBeVisible()
  await other.close()
})
