// What lies in front of the server and answers in its place: a login, a firewall that dislikes a word, a limit. It has the same
// statuses as the server, and says nothing of a session: nothing that was typed is lost or held up by it.
import type { Instead, Proxy } from '../support/proxy.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, complete, row, sees, settled, title } from '../support/verbs.ts'

/** Alice comes by the way of the proxy. */
async function through(between: Proxy, newcomer: (options?: object) => Promise<Page>) {
  const page = await newcomer({ baseURL: between.url })
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk')
  await settled(page)
  return page
}

const tray = (page: Page) => page.getByRole('region', { name: 'Not saved' })
const blocked = (page: Page) => page.getByRole('alert').filter({ hasText: 'Something between this page and Tandem' })
const way = (page: Page) => page.getByRole('link', { name: 'Load the page' })

/** After the first three tries none comes sooner than a second after one that got nothing through. */
function keepsPace(between: Proxy, from = 0) {
  const pushes = between.pushes.slice(from)
  const gaps = pushes.slice(1).map(({ at }, index) => ({ gap: at - pushes[index]!.at, in_vain: pushes[index]!.refused || !pushes[index]!.carries }))
  const retries = gaps.filter(({ in_vain }) => in_vain).map(({ gap }) => gap)
  expect(retries.slice(2).filter((gap) => gap < 950), JSON.stringify(gaps)).toEqual([])
}

const json = { 'content-type': 'application/json' }
/** What refuses one text, and what is said of that. */
const REFUSALS: [string, Instead, RegExp][] = [
  ['a 403 page', { status: 403 }, /status 403/],
  ['a 413 page', { status: 413 }, /status 413/],
  ['a 406 page', { status: 406 }, /status 406/],
  ['a 400 in JSON of somebody else', { status: 400, headers: json, body: '"malformed"' }, /status 400/],
  ['a 403 in our JSON', { status: 403, headers: json, body: '{"refused":{"code":"read_only","sentence":"No."}}' }, /status 403/],
  ['a 429 without a time', { status: 429 }, /status 429/],
  ['a page with 200', { status: 200 }, /status 200/],
  ['a 401 in JSON', { status: 401, headers: json, body: '"no_session"' }, /status 401/],
  ['a 503 page', { status: 503 }, /status 503/],
  ['a cut connection', { status: 0 }, /no answer/],
  ['a way elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:9/refused' } }, /leads elsewhere/],
]
for (const [name, instead, says] of REFUSALS) {
  test(`${name} for one edit: that text is given back, and the rest goes on`, async ({ between, newcomer }) => {
    test.slow()
    const page = await through(between, newcomer)
    between.instead = (path, body) => (path === '/fn/push' && body.includes('DROP TABLE') ? instead : undefined)
    const from = between.pushes.length
    await addTask(page, 'Bread', 'DROP TABLE tasks', 'Tea')
    await complete(page, 'Milk')
    await expect(tray(page)).toContainText('DROP TABLE tasks', { timeout: 60_000 })
    await expect(tray(page)).toContainText('Something between this page and Tandem refused this')
    await expect(tray(page)).toContainText(says)
    await settled(page)
    await sees(page, 'Bread', 'Tea')
    // What is cut a browser sends once more by itself, at once.
    if (instead.status !== 0) {
      keepsPace(between, from)
      expect(between.pushes.length - from).toBeLessThan(25)
    }
    await page.reload()
    await settled(page)
    await sees(page, 'Bread', 'Tea')
    await expect(tray(page)).toContainText('DROP TABLE tasks')
  })
}

test('a limit of bytes: a batch goes in parts, and what is too long by itself is given back', async ({ between, newcomer }) => {
  test.slow()
  const page = await through(between, newcomer)
  between.fault = 'closed'
  between.cut()
  const tasks = Array.from({ length: 40 }, (_, number) => `Task ${number + 1} ${'x'.repeat(60)}`)
  await addTask(page, ...tasks.slice(0, 20), `Long ${'y'.repeat(400)}`, ...tasks.slice(20))
  await expect(page.locator('html')).toHaveAttribute('data-pending', '41')
  between.instead = (path, body) => (path === '/fn/push' && body.length > 700 ? { status: 413 } : undefined)
  between.fault = 'none'
  await expect(tray(page)).toContainText('Long yyy', { timeout: 80_000 })
  await settled(page)
  await sees(page, 'Milk', ...tasks)
})

test('a refusal that passes is waited for, at its own pace, and the page says what waits and why', async ({ between, newcomer }) => {
  test.slow()
  const page = await through(between, newcomer)
  for (const instead of [{ status: 429, headers: { 'retry-after': '4' } }, { status: 503 }, { status: 403 }]) {
    const from = between.pushes.length
    between.instead = (path) => (path === '/fn/push' ? instead : undefined)
    const text = `While ${instead.status}`
    await addTask(page, text)
    await expect(page.getByRole('button', { name: /^Blocked · 1 unsaved/ })).toBeVisible({ timeout: 30_000 })
    await expect(blocked(page)).toContainText(`status ${instead.status}`)
    await expect.poll(() => between.pushes.length - from, { timeout: 60_000 }).toBeGreaterThan(4)
    keepsPace(between, from)
    if (instead.headers) {
      const times = between.pushes.slice(from).map(({ at }) => at)
      for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeGreaterThan(3_900)
    }
    await expect(tray(page)).toBeHidden()
    between.instead = undefined
    await settled(page)
    await expect(title(page, text)).toBeVisible()
    await expect(blocked(page)).toBeHidden()
  }
})

/** What a login in front of a server answers to everybody who has not signed in there. */
const LOGINS: [string, Instead][] = [
  ['a 401 page', { status: 401, headers: { 'www-authenticate': 'Bearer' } }],
  ['a 401 in our JSON', { status: 401, headers: json, body: '"no_session"' }],
  ['a 403 page', { status: 403 }],
  ['a page with 200', { status: 200 }],
  ['a way to another origin', { status: 302, headers: { location: 'http://127.0.0.1:9/login' } }],
  ['a way to a page of the same origin', { status: 303, headers: { location: '/.login' } }],
]
for (const [name, instead] of LOGINS) {
  test(`a login in front, ${name}: nothing is given up, it is said so, and afterwards all is sent`, async ({ between, newcomer }) => {
    test.slow()
    const page = await through(between, newcomer)
    await expect.poll(() => page.evaluate(async () => (await (await caches.open('person-1')).match('/'))?.status), { timeout: 45_000 }).toBe(200)
    between.instead = (path) => (path === '/.login' ? { status: 200 } : instead)
    between.cut()
    await addTask(page, 'Bread')
    await expect(blocked(page)).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('button', { name: /^Blocked · 1 unsaved/ })).toBeVisible()
    await addTask(page, 'Tea')
    await expect(page.locator('html')).toHaveAttribute('data-pending', '2')
    await expect(tray(page)).toBeHidden()
    // The worker is asked for what it keeps by a page that goes out of sight, and keeps what it has.
    await page.evaluate(() => navigator.serviceWorker.controller?.postMessage('/'))
    await page.evaluate(() => fetch('/fn/snapshot?list=00000000-0000-0000-0000-000000000000', { redirect: 'manual' }).catch(() => {}))
    // The button leads to what is in front, not to the copy.
    if (instead.status < 300 || instead.status === 303) {
      await way(page).click()
      await expect(page).toHaveTitle('Not Tandem')
    }
    expect(await page.evaluate(() => caches.has('person-1'))).toBe(true)
    between.instead = undefined // They have signed in there.
    await page.goto(`${between.url}/`)
    await settled(page)
    await sees(page, 'Milk', 'Bread', 'Tea')
    expect(await page.evaluate(async () => (await (await caches.open('person-1')).match('/'))?.text())).toContain('Milk')
  })
}

test('a login that goes away by itself is not missed, without a reload', async ({ between, newcomer }) => {
  const page = await through(between, newcomer)
  between.instead = () => ({ status: 401 })
  between.cut()
  await addTask(page, 'Bread')
  await expect(blocked(page)).toBeVisible({ timeout: 30_000 })
  await expect(row(page, 'Bread')).toHaveAttribute('data-pending', '')
  between.instead = undefined
  await settled(page)
  await sees(page, 'Milk', 'Bread')
  await expect(blocked(page)).toBeHidden()
})
