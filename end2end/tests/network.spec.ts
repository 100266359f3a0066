// What lies between a browser and its server, and what it does to a stream: the page is live again by itself, says the
// truth meanwhile, and asks instead of listening only where nothing else gets through.
import type { Proxy } from '../support/proxy.ts'
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, check, clearTeaching, complete, composer, isNow, openCompleted, row, sees, settled, title, titleField,
} from '../support/verbs.ts'

/** The same person, by the way of the proxy. */
async function throughProxy(alice: Page, proxy: Proxy, newcomer: () => Promise<Page>) {
  await clearTeaching(alice)
  const page = await newcomer()
  await page.context().addCookies(await alice.context().cookies())
  await page.goto(proxy.url + new URL(alice.url()).pathname)
  return page
}

/** How the mark of a task is drawn: the line of its circle, and the line around it. */
const mark = (page: Page, task: string) => check(page, task).evaluate((check) => {
  const { borderStyle, outlineStyle } = getComputedStyle(check, '::before')
  return { line: borderStyle, around: outlineStyle }
})

test('a task that is not saved looks it, its row and no other, until the network is back', async ({ alice }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Tea')
  await complete(alice, 'Tea')
  await openCompleted(alice)
  await settled(alice)
  const saved = { line: 'solid', around: 'none' }
  for (const task of ['Milk', 'Tea']) await expect.poll(() => mark(alice, task)).toEqual(saved)
  await alice.context().setOffline(true)
  await isNow(alice, 'offline')
  await addTask(alice, 'Bread', 'Oats')
  await complete(alice, 'Oats')
  for (const task of ['Bread', 'Oats']) await expect(row(alice, task)).toHaveAttribute('data-pending', '')
  await expect.poll(() => mark(alice, 'Bread')).toEqual({ ...saved, line: 'dotted' })
  await expect.poll(() => mark(alice, 'Oats')).toEqual({ ...saved, around: 'dotted' })
  for (const task of ['Milk', 'Tea']) {
    await expect(row(alice, task)).not.toHaveAttribute('data-pending')
    expect(await mark(alice, task)).toEqual(saved)
  }
  await alice.context().setOffline(false)
  await settled(alice)
  for (const task of ['Bread', 'Oats']) {
    await expect(row(alice, task)).not.toHaveAttribute('data-pending')
    expect(await mark(alice, task)).toEqual(saved)
  }
})

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

/** Sets the page's clock by so many hours from now. */
const setClock = (page: Page, hours: number) => page.clock.setSystemTime(Date.now() + hours * 3_600_000)

/** Both add a task, and each sees the other's. */
async function work(alice: Page, bob: Page, task: string) {
  await addTask(bob, task)
  await expect(title(alice, task)).toBeVisible()
  await addTask(alice, `${task} too`)
  await expect(title(bob, `${task} too`)).toBeVisible()
  await settled(alice)
}

test('a clock that is set, back or forward, wedges nothing', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await alice.clock.install()
  await alice.reload()
  await settled(alice)
  for (const [hours, task] of [[9, 'Milk'], [-30, 'Bread']] as const) {
    await setClock(alice, hours)
    await work(alice, bob, task)
  }
})

test('a clock that is set costs a page that holds the stream itself one new stream at the most, and one that dies is still noticed', async ({ alice, bob, between: proxy, newcomer, server }) => {
  await server.restart('--heartbeat', '2')
  await settled(bob)
  let streams = 0 // Those of a worker are none of the page's.
  const page = await throughProxy(alice, proxy, async () => {
    const page = await newcomer()
    page.on('request', (request) => new URL(request.url()).pathname === '/events' && streams++)
    await page.addInitScript(() => void delete (window as any).SharedWorker)
    await page.clock.install()
    return page
  })
  await settled(page)
  expect(streams).toBe(1)
  for (const [hours, task] of [[9, 'Milk'], [-30, 'Bread']] as const) {
    await setClock(page, hours)
    await work(page, bob, task)
  }
  expect(streams).toBeLessThanOrEqual(2)
  await expect.poll(() => proxy.streams).toBe(1)
  for (const hours of [-60, 20]) {
    proxy.fault = 'dead'
    await setClock(page, hours)
    await isNow(page, 'offline')
    proxy.fault = 'none'
    proxy.cut()
    await settled(page)
  }
  await work(page, bob, 'Tea')
  expect(proxy.asked['/changes']).toBeUndefined()
})

test('a browser that cannot listen to a stream asks, and sees what others do', async ({ alice, bob, between: proxy, newcomer }) => {
  const page = await throughProxy(alice, proxy, async () => {
    const page = await newcomer()
    await page.addInitScript(() => {
      delete (window as any).SharedWorker
      delete (window as any).EventSource
    })
    return page
  })
  await settled(page)
  for (const task of ['Milk', 'Bread']) {
    const { '/changes': asked } = proxy.asked
    await addTask(bob, task)
    await expect(title(page, task)).toBeVisible()
    await expect.poll(() => proxy.asked['/changes'], 'it goes on asking').toBeGreaterThan(asked!)
  }
  await addTask(page, 'Tea')
  await sees(bob, 'Milk', 'Bread', 'Tea')
  await settled(page)
  expect(proxy.asked['/events']).toBeUndefined()
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
  await alice.getByRole('button', { name: 'Start again' }).click()
  await settled(alice)
  await expect(tray).toContainText('Bread')
  await expect(tray).toContainText('Oat milk, two')
  await expect(tray).toContainText('Half a thought')
  await tray.getByRole('listitem').filter({ hasText: 'Bread' }).getByRole('button', { name: 'Add as a task' }).click()
  await settled(alice)
  await expect(title(alice, 'Bread')).toBeVisible()
  await other.close()
})
