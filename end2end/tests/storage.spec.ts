// A browser that takes its storage away under an open page, or has none to give: what was typed is kept wherever it can be, and where
// it cannot the page says so. No script ends on a refusal.
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, sees, settled, title } from '../support/verbs.ts'

/** In the page: waits until the outbox has so many entries that are not answered, in the database or beside it. */
async function holds(page: Page, count: number) {
  await expect.poll(() => page.evaluate(async () => {
    const beside = Object.keys(localStorage).filter((key) => key.startsWith('tandem-outbox-')).map((key) => localStorage.getItem(key)!)
    const inside = await new Promise<string[]>((resolve) => {
      try {
        const opened = indexedDB.open('tandem')
        opened.onupgradeneeded = () => opened.transaction!.abort()
        opened.onerror = () => resolve([])
        setTimeout(() => resolve([]), 1_000)
        opened.onsuccess = () => {
          if (String(IDBDatabase.prototype.transaction).includes('throw')) return resolve([])
          const all = opened.result.transaction('outbox').objectStore('outbox').getAll()
          all.onsuccess = () => (opened.result.close(), resolve(all.result))
        }
      } catch {
        resolve([])
      }
    })
    return new Set([...beside, ...inside].filter((text) => !JSON.parse(text).answered)).size
  })).toBe(count)
}

/** Three tasks are typed while the server is away, the tab is closed and opened again: they are sent then. */
async function surviveReload(page: Page, server: import('../support/server.ts').Server, before: () => Promise<void> = async () => {}) {
  await server.kill()
  await before()
  await addTask(page, 'Milk', 'Bread', 'Tea')
  await holds(page, 3)
  await expect(unkept(page)).toBeHidden()
  await page.goto('about:blank')
  await server.restart()
  await page.goto(server.url)
  await settled(page)
  await sees(page, 'Milk', 'Bread', 'Tea')
  await holds(page, 0)
}

const unkept = (page: Page) => page.getByRole('alert').filter({ hasText: 'This browser keeps nothing for Tandem' })

test('a database that the browser clears under an open page is made anew, and what was in hand is in it', async ({ alice, server }) => {
  await clearTeaching(alice)
  await settled(alice)
  const clear = async () => {
    const devtools = await alice.context().newCDPSession(alice)
    await devtools.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'indexeddb' })
  }
  await clear()
  await surviveReload(alice, server)
  await clearTeaching(alice)
  // Also what was typed before.
  await server.kill()
  await addTask(alice, 'Salt', 'Oats')
  await holds(alice, 2)
  await clear()
  await holds(alice, 2)
  await alice.goto('about:blank')
  await server.restart()
  await alice.goto(server.url)
  await sees(alice, 'Salt', 'Oats')
})

test('a database that another tab deletes is made anew', async ({ alice, server }) => {
  await clearTeaching(alice)
  await settled(alice)
  const tab = await alice.context().newPage()
  await tab.goto(`${server.url}/offline`)
  const gone = () => tab.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase('tandem').onsuccess = () => resolve(true))))
  expect(await gone()).toBe(true)
  await surviveReload(alice, server, async () => void (await gone()))
})

/** How a database is not to be had, in the page. */
const BROKEN: [string, () => void][] = [
  ['throws', () => void (IDBFactory.prototype.open = () => { throw new DOMException('No.', 'SecurityError') })],
  ['never opens', () => void (IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest)],
  ['is not there', () => void Object.defineProperty(window, 'indexedDB', { value: null })],
  ['takes nothing', () => void (IDBDatabase.prototype.transaction = () => { throw new DOMException('Closed.', 'InvalidStateError') })],
  ['never writes', () => void (IDBObjectStore.prototype.put = () => { throw new DOMException('Full.', 'QuotaExceededError') })],
]
for (const [how, script] of BROKEN) {
  test(`where the database ${how}, edits stand in the browser’s other storage until they are sent`, async ({ newcomer, server }) => {
    const page = await newcomer()
    await page.addInitScript(script)
    await page.goto('/')
    await settled(page)
    await clearTeaching(page)
    await surviveReload(page, server)
  })
}

/** In the page: nothing is kept for us, and whoever asks is thrown at. */
function blocked() {
  const no = { get: () => { throw new DOMException('Blocked.', 'SecurityError') } }
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, no)
  Object.defineProperty(Navigator.prototype, 'serviceWorker', no)
  Object.defineProperty(Document.prototype, 'cookie', no)
  Object.defineProperty(window, 'SharedWorker', { value: class { constructor() { throw new DOMException('Blocked.', 'SecurityError') } } })
}

test('where storage is blocked, the page works and says that nothing is kept on the device', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.addInitScript(blocked)
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk')
  await settled(page)
  await expect(unkept(page)).toBeVisible()
  await server.kill()
  await addTask(page, 'Bread')
  await expect.poll(() => page.evaluate(() => window.onbeforeunload !== null)).toBe(true)
  await server.restart()
  await settled(page)
  await sees(page, 'Milk', 'Bread')
  await page.goto('/me')
  await page.getByRole('button', { name: /export/i }).click()
  await expect(page.getByRole('region', { name: 'Notices' })).toBeVisible()
  await page.locator('#picture-file').setInputFiles('../public/icon-512.png')
  await expect.poll(() => page.locator('#picture-file').evaluate((file: HTMLInputElement) => file.files?.[0]?.name)).toBe('picture.png')
})

test('where cookies are blocked, one sentence says so, and no session has ended', async ({ between, browser }) => {
  between.cookieless = true
  const context = await browser.newContext({ baseURL: between.url })
  const page = await context.newPage()
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  await page.addInitScript(blocked)
  await page.goto('/')
  await expect(page.getByRole('alert').filter({ hasText: 'Tandem needs a cookie' })).toBeVisible()
  await addTask(page, 'Milk')
  await expect(title(page, 'Milk')).toBeVisible()
  await expect(page.getByText(/session (has|had) ended/i)).toBeHidden()
  await expect(page.locator('html')).toHaveAttribute('data-pending', '1')
  await page.evaluate(() => (window.onbeforeunload = null))
  for (const path of ['/me', '/sign-in', '/sign-up', '/live-check', '/join']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  await page.goto('/me')
  await page.getByRole('button', { name: /export/i }).click()
  await expect(page.getByRole('heading', { name: 'Tandem needs a cookie' })).toBeVisible()
  await page.goto('/me')
  await page.locator('#picture-file').setInputFiles('../public/icon-512.png')
  await page.locator('#picture button').first().click()
  await expect(page.getByRole('heading', { name: 'Tandem needs a cookie' })).toBeVisible()
  // Once they are allowed, all is well.
  between.cookieless = false
  await page.goto('/')
  await settled(page)
  await expect(composer(page)).toBeVisible()
  expect(errors).toEqual([])
  await context.close()
})
