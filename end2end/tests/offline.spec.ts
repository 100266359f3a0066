// Without a network: the page opens, shows what was last seen, takes edits and sends them when the network is back.
import { ask, id } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import {
  addTask, clearTeaching, isNow, listPath, sees, settled, shareLink, TEACHING, title,
} from '../support/verbs.ts'

/** Waits until the service worker keeps a document and lists in which all of that stands. */
async function kept(page: Page, ...texts: string[]) {
  await expect.poll(() => page.evaluate(inCopies, texts), { timeout: 45_000 }).toEqual(texts)
}

/** In the page: which of these texts the service worker has copies of, in the document and in a list. */
async function inCopies(texts: string[]) {
  const cache = await caches.open('person-1')
  const keys = await cache.keys()
  const copies = await Promise.all(keys.map(async (key) => [new URL(key.url).pathname, await (await cache.match(key))!.text()] as const))
  const stands = (text: string, path: string) => copies.some((copy) => copy[0] === path && copy[1].includes(text))
  return texts.filter((text) => stands(text, '/') && stands(text, '/fn/snapshot'))
}

test('a page opens without a network as it was last seen, and what is done there goes out later', async ({ newcomer, between: network, server }) => {
  const alice = await newcomer({ baseURL: network.url })
  await alice.goto('/')
  await settled(alice)
  const bob = await newcomer()
  await bob.goto((await shareLink(alice)).replace(network.url, server.url))
  await bob.getByRole('button', { name: 'Join the list' }).click()
  await settled(bob)
  await clearTeaching(alice)
  await addTask(bob, 'Milk')
  await sees(alice, 'Milk')
  await addTask(alice, 'Bread')
  await sees(bob, 'Milk', 'Bread')
  await kept(alice, 'Milk', 'Bread')
  const list = await listPath(alice)
  // Playwright's own `setOffline` leaves shared workers the network, and lets a request slip through while a page loads.
  network.fault = 'closed'
  network.cut()
  await addTask(alice, 'Tea')
  await expect(alice.locator('html')).toHaveAttribute('data-pending', '1')
  await alice.reload()
  await sees(alice, 'Milk', 'Bread', 'Tea')
  await isNow(alice, 'offline')
  await addTask(alice, 'Salt')
  await alice.goto(list)
  await sees(alice, 'Milk', 'Bread', 'Tea', 'Salt')
  await addTask(bob, 'Rice')
  await settled(bob)
  network.fault = 'none'
  await settled(alice)
  await sees(alice, 'Milk', 'Bread', 'Rice', 'Tea', 'Salt')
  await sees(bob, 'Milk', 'Bread', 'Rice', 'Tea', 'Salt')
})

test('a server that is gone is a missing network, too', async ({ alice, server }) => {
  await addTask(alice, 'Milk')
  await settled(alice)
  await kept(alice, 'Milk')
  await server.kill()
  await alice.goto(server.url)
  await sees(alice, ...TEACHING, 'Milk')
  await isNow(alice, 'offline')
  await addTask(alice, 'Bread')
  await server.restart()
  await settled(alice)
  await alice.reload()
  await settled(alice)
  await sees(alice, ...TEACHING, 'Milk', 'Bread')
})

test('the other lists can be read and opened at their own address', async ({ alice, server }) => {
  const first = await listPath(alice)
  for (const name of ['Groceries', 'Garden']) {
    await alice.getByRole('textbox', { name: 'New list' }).fill(name)
    await alice.getByRole('textbox', { name: 'New list' }).press('Enter')
    await expect(alice.getByRole('heading', { name })).toBeVisible()
    await addTask(alice, `Something for ${name}`)
  }
  const garden = await listPath(alice)
  await settled(alice)
  await expect.poll(() => alice.evaluate(inCopies, ['Something for Garden']), { timeout: 45_000 }).toHaveLength(1)
  await alice.context().setOffline(true)
  await alice.goto(server.url + first)
  await sees(alice, ...TEACHING)
  await alice.getByRole('link', { name: /Groceries/ }).click()
  await sees(alice, 'Something for Groceries')
  await alice.reload()
  await sees(alice, 'Something for Groceries')
  await expect(alice).toHaveTitle('Groceries · Tandem')
  await alice.goto(server.url + garden)
  await sees(alice, 'Something for Garden')
})

test('a long list is there to its end', async ({ alice }) => {
  await clearTeaching(alice)
  const list = (await listPath(alice)).split('/').pop()
  await ask(alice, ...Array.from({ length: 300 }, (_, index) => ({ list: [list, { add_task: { task: id(), place: 'end', title: `Task ${index + 1}.` } }] })))
  await expect(title(alice, 'Task 300.')).toBeVisible()
  const inList = () => alice.evaluate(async () => (await (await (await caches.open('person-1')).matchAll('/fn/snapshot', { ignoreSearch: true }))[0]?.text())?.includes('Task 300.'))
  const inDocument = () => alice.evaluate(async () => (await (await (await caches.open('person-1')).match('/'))?.text())?.includes('Task 150.'))
  await expect.poll(inList, { timeout: 45_000 }).toBe(true)
  await expect.poll(inDocument, { timeout: 45_000 }).toBe(true)
  await alice.context().setOffline(true)
  await alice.reload()
  await expect(title(alice, 'Task 300.')).toBeVisible()
  await expect(alice.locator('ul.tasks[aria-label="Tasks"] > .task')).toHaveCount(300)
})

test('a page that was never opened says so, and opens when the network is back', async ({ alice, server }) => {
  await kept(alice, TEACHING[0]!)
  await alice.context().setOffline(true)
  for (const path of ['/me', `/lists/${id()}`]) {
    await alice.goto(server.url + path)
    await expect(alice.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  }
  await alice.getByRole('link', { name: 'Go to my lists' }).click()
  await sees(alice, ...TEACHING)
  await alice.goto(`${server.url}/me`)
  await alice.context().setOffline(false)
  await expect(alice.getByLabel('Name')).toBeVisible()
})

test('nothing of one person is left for the next', async ({ alice, server }) => {
  await addTask(alice, 'A secret of Alice')
  await settled(alice)
  await kept(alice, 'A secret of Alice')
  await alice.context().clearCookies()
  await alice.goto(server.url)
  await settled(alice)
  await kept(alice, TEACHING[0]!)
  const texts = await alice.evaluate(async () => {
    const texts: string[] = []
    for (const name of await caches.keys()) {
      for (const copy of await (await caches.open(name)).matchAll()) texts.push(await copy.text())
    }
    return texts
  })
  expect(texts.length).toBeGreaterThan(5)
  expect(texts.filter((text) => text.includes('A secret of Alice'))).toEqual([])
})

test('a session that has ended takes the copies with it', async ({ alice }) => {
  await kept(alice, TEACHING[0]!)
  await alice.context().clearCookies()
  const list = (await listPath(alice)).split('/').pop()
  expect(await alice.evaluate(async (list) => (await fetch(`/fn/snapshot?list=${list}`)).status, list)).toBe(401)
  await expect.poll(() => alice.evaluate(() => caches.has('person-1'))).toBe(false)
})

test('a server that hangs does not keep the page closed', async ({ alice, server }) => {
  await kept(alice, TEACHING[0]!)
  server.freeze()
  const began = Date.now()
  await alice.goto(server.url)
  await sees(alice, ...TEACHING)
  expect(Date.now() - began).toBeLessThan(15_000)
  server.thaw()
  await settled(alice)
})

test('the stream, what is posted and what others serve never comes from a copy', async ({ alice, server }) => {
  await kept(alice, TEACHING[0]!)
  const keys = await alice.evaluate(async () => {
    const keys: string[] = []
    for (const name of await caches.keys()) keys.push(...(await (await caches.open(name)).keys()).map((key) => new URL(key.url).pathname))
    return [...new Set(keys)].sort()
  })
  const isCode = (key: string) => /\.(js|css|wasm)$/.test(key)
  expect(keys.filter((key) => !isCode(key))).toEqual(['/', '/favicon.svg', '/fn/snapshot', '/offline', '/person', '/site.webmanifest'])
  const where = await alice.evaluate(async () => {
    const holds = async (name: string) => !!(await (await caches.open(name)).match('/pictures.css'))
    return { files: await holds('files-1'), person: await holds('person-1') }
  })
  expect(where, 'whose faces somebody sees is theirs').toEqual({ files: false, person: true })
  expect(new Set(keys.filter(isCode).map((key) => key.split('.').pop()))).toEqual(new Set(['css', 'js', 'wasm']))
  const script = await alice.request.get(`${server.url}/sw.js`)
  expect([script.status(), script.headers()['cache-control']]).toEqual([200, 'no-cache'])
})

test('the network comes before the copy, and copies of an older kind are thrown away', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.goto('/me') // No service worker yet.
  await page.evaluate(async () => void (await (await caches.open('person-0')).put('/', new Response('Older'))))
  await page.goto('/')
  await kept(page, TEACHING[0]!)
  expect((await page.evaluate(() => caches.keys())).sort()).toEqual(['files-1', 'person-1'])
  const copy = () => page.evaluate(async () => (await (await caches.open('person-1')).match('/'))!.text())
  await page.evaluate(async () => void (await (await caches.open('person-1')).put('/', new Response('Stale'))))
  await page.goto('/')
  await settled(page)
  await expect.poll(copy).toContain(TEACHING[0])
  await page.evaluate(async () => void (await (await caches.open('person-1')).put('/', new Response('Stale'))))
  await server.kill()
  await page.goto('/')
  await expect(page.getByText('Stale')).toBeVisible()
})

test('closing the page warns while something is not sent, and only then', async ({ alice, server }) => {
  let warnings = 0
  alice.on('dialog', async (dialog) => {
    expect(dialog.type()).toBe('beforeunload')
    warnings += 1
    await dialog.dismiss()
  })
  const asks = () => alice.evaluate(() => window.onbeforeunload !== null)
  await addTask(alice, 'Milk')
  await settled(alice)
  await expect.poll(asks).toBe(false)
  await server.kill()
  await addTask(alice, 'Bread')
  await expect.poll(asks).toBe(true)
  await alice.close({ runBeforeUnload: true })
  await expect.poll(() => warnings).toBe(1)
  expect(alice.isClosed()).toBe(false)
  await server.restart()
  await settled(alice)
  await expect.poll(asks).toBe(false)
  const closed = alice.waitForEvent('close')
  await alice.close({ runBeforeUnload: true })
  await closed
  expect(warnings).toBe(1)
})
