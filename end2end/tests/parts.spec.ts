// Parts of the program that are loaded when they are wanted: they come, they are there without a network, and where they do not
// come the page says so and goes on.
import type { Route } from '@playwright/test'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, isNow, openMember, openShare, paste, row, sees, settled, shareLink, title } from '../support/verbs.ts'

/** The part with the menu of a task and its notes, of whatever build. */
const PANELS = '**/pkg/panels.*.wasm'

/** Opens the menu of a task. */
const openMenu = (page: Page, task: string) => row(page, task).getByRole('button', { name: 'more' }).click()

const edit = (page: Page) => page.getByRole('menuitem', { name: 'Edit' })

/** Somebody with one task, whose requests for the part are answered so. */
async function person(newcomer: (options: object) => Promise<Page>, answer: (route: Route) => Promise<void>) {
  // A worker would ask for the part in place of the page.
  const page = await newcomer({ serviceWorkers: 'block' })
  await page.route(PANELS, answer)
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk')
  return page
}

test('a part is loaded once, when it is wanted', async ({ newcomer }) => {
  let asked = 0
  const page = await newcomer({ serviceWorkers: 'block' })
  await page.route(PANELS, (route) => {
    if (route.request().resourceType() !== 'other') asked++
    return route.continue()
  })
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  expect(asked).toBe(0)
  await addTask(page, 'Milk')
  await openMenu(page, 'Milk')
  await expect(edit(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await title(page, 'Milk').press('n')
  await page.getByRole('textbox', { name: 'Notes' }).fill('Oats')
  await page.keyboard.press('Escape')
  await expect(row(page, 'Milk').getByRole('button', { name: 'Notes' })).toBeVisible()
  expect(asked).toBe(1)
})

test('a part that does not come is asked for again', async ({ newcomer }) => {
  let refused = true
  const page = await person(newcomer, (route) => (refused ? route.abort() : route.continue()))
  await openMenu(page, 'Milk')
  await expect(page.getByRole('alert').filter({ hasText: 'This could not be loaded.' })).toBeVisible()
  await addTask(page, 'Bread')
  await settled(page)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This could not be loaded.' })).toBeVisible()
  refused = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(edit(page)).toBeFocused()
})

test('a part of another build is not taken, and a reload brings the right one', async ({ newcomer, server }) => {
  let updated = true
  const page = await person(newcomer, async (route) => {
    if (!updated) return route.continue()
    const other = await fetch(`${server.url}/pkg/panels.0123456789abcdef.wasm`)
    expect(other.status).toBe(404)
    await route.fulfill({ status: other.status, headers: Object.fromEntries(other.headers), body: await other.text() })
  })
  await openMenu(page, 'Milk')
  const reload = page.getByRole('link', { name: 'Reload the page' })
  await expect(reload).toBeVisible()
  updated = false
  await reload.click()
  await settled(page)
  await openMenu(page, 'Milk')
  await expect(edit(page)).toBeFocused()
})

test('what is heard of others before the part with them has come is told once it has', async ({ newcomer, alice }) => {
  let refused = true
  const bob = await newcomer({ serviceWorkers: 'block' })
  await bob.route('**/pkg/company.*.wasm', (route) => (refused ? route.abort() : route.continue()))
  await bob.goto(await shareLink(alice))
  await bob.getByRole('button', { name: 'Join the list' }).click()
  await settled(bob)
  const here = bob.getByLabel(/, here now$/)
  await addTask(bob, 'Milk')
  await settled(bob)
  await expect(here).toHaveCount(0)
  refused = false
  await expect(here).toHaveCount(1)
})

/** What says that something is missing. */
const stale = (page: Page) => page.getByText('Part of this page could not be loaded.')

/** What stands in the way answers so in place of a file. */
const INSTEAD = {
  'is not there': { status: 404, contentType: 'text/html', body: '<p>There is no such page.</p>' },
  'is a page': { status: 200, contentType: 'text/html', body: '<!DOCTYPE html><title>Sign in</title>' },
} as const

/** Somebody whose browser may complain: it says of a page that it is no script. */
const apart = test.extend<{ visitor: Page }>({
  visitor: async ({ browser, server }, use) => {
    const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' })
    await use(await context.newPage())
    await context.close()
  },
})

for (const [how, answer] of Object.entries(INSTEAD)) {
  test(`where the part with other people ${how}, the list goes on, and the page offers to load again`, async ({ newcomer, alice }) => {
    let gone = true
    const bob = await newcomer({ serviceWorkers: 'block' })
    await bob.route('**/pkg/company.*.wasm', (route) => (gone ? route.fulfill(answer) : route.continue()))
    await bob.goto(await shareLink(alice))
    await bob.getByRole('button', { name: 'Join the list' }).click()
    await settled(bob)
    await expect(stale(bob)).toBeVisible()
    await addTask(bob, 'Milk')
    await settled(bob)
    await expect(title(alice, 'Milk')).toBeVisible()
    // What matters is said without it.
    const share = await openShare(alice)
    await openMember(share, /(?!.*you)/)
    await share.getByRole('button', { name: /^Remove/ }).first().click()
    await expect(bob.getByText('You are no longer on “My list”.')).toBeVisible()
    await expect(stale(bob)).toHaveCount(1)
    gone = false
    await bob.getByRole('link', { name: 'Load it again' }).click()
    await settled(bob)
    await expect(stale(bob)).toBeHidden()
  })

  for (const file of ['start', 'tandem', 'stream']) {
    apart(`where the script ${file} ${how}, forms go on, and the page offers to load again`, async ({ visitor: page }) => {
      let gone = true
      await page.route(new RegExp(`/(pkg/)?${file}\\.\\w+\\.js$`), (route) => (gone ? route.fulfill(answer) : route.continue()))
      await page.goto('/')
      await expect(stale(page)).toBeVisible()
      await composer(page).fill('Milk')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(title(page, 'Milk')).toBeVisible()
      await expect(stale(page)).toBeVisible()
      gone = false
      await page.getByRole('link', { name: 'Load it again' }).click()
      await settled(page)
      await expect(stale(page)).toBeHidden()
    })
  }

  apart(`where the wasm ${how}, forms go on, and the page offers to load again`, async ({ visitor: page }) => {
    await page.route(/\/pkg\/tandem\.\w+\.wasm$/, (route) => route.fulfill(answer))
    await page.goto('/')
    await expect(stale(page)).toBeVisible()
    await composer(page).fill('Milk')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(title(page, 'Milk')).toBeVisible()
  })

  for (const style of ['**/pkg/tandem.*.css', '**/pictures.css', '**/keys.js']) {
    apart(`where ${style} ${how}, the list is live, and the page offers to load again`, async ({ visitor: page }) => {
      await page.route(style, (route) => route.fulfill(answer))
      await page.goto('/')
      await settled(page)
      await expect(stale(page)).toBeVisible()
      await addTask(page, 'Milk')
      await settled(page)
    })
  }
}

test('what is pasted while the part for it is away is kept', async ({ newcomer }) => {
  const page = await person(newcomer, (route) => route.abort())
  await composer(page).focus()
  await paste(page, 'Bread\nTea')
  await expect(page.getByText('This could not be loaded.')).toBeVisible()
  await expect(page.locator('.kept')).toHaveText('Bread\nTea')
})

test('the worker keeps no page in place of a script', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.goto('/')
  await settled(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  await page.context().route('**/page.js', (route) => route.fulfill(INSTEAD['is a page']))
  await page.goto('/join')
  await page.context().unroute('**/page.js')
  const kept = () => page.evaluate(async () => (await (await caches.open('files-1')).match('/page.js'))?.headers.get('content-type'))
  await expect.poll(kept).toContain('javascript')
  expect((await fetch(`${server.url}/page.js`)).status).toBe(200)
})

test('a part is there without a network, though it was never opened', async ({ newcomer, between: network }) => {
  const page = await newcomer({ baseURL: network.url })
  await page.goto('/')
  await settled(page)
  await clearTeaching(page)
  await addTask(page, 'Milk')
  await settled(page)
  await expect.poll(() => page.evaluate(keeps), { timeout: 45_000 }).toBe(true)
  network.fault = 'closed'
  network.cut()
  await page.reload()
  await isNow(page, 'offline')
  await sees(page, 'Milk')
  await openMenu(page, 'Milk')
  await expect(edit(page)).toBeFocused()
})

/** In the page: whether the service worker keeps the part, and a document with the task. */
async function keeps() {
  const files = (await (await caches.open('files-1')).keys()).map(({ url }) => url)
  const documents = await caches.open('person-1')
  const document = await (await documents.match('/'))?.text()
  return files.some((url) => url.includes('/pkg/panels.')) && !!document?.includes('Milk')
}
