// What others add where one does not see it appear: as a quiet notice, and on the desktop when no page is in sight.
import { ask, id as newId } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, listPath, sees, settled, title } from '../support/verbs.ts'

const toast = (page: Page) => page.locator('.toast')
const id = async (page: Page) => (await listPath(page)).split('/').pop()!
const adding = (list: string, title: string) => ({ list: [list, { add_task: { task: newId(), title, place: 'end' } }] })

/** Keeps from here on all that is told in pages of that browser, however short it stood there. */
async function record(page: Page) {
  await page.context().addInitScript(() => {
    const said = new Set<string>()
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll('.toast > p')) if (textContent) said.add(textContent)
    }).observe(document, { childList: true, characterData: true, subtree: true })
    Object.assign(globalThis, { said })
    if (!('ServiceWorkerRegistration' in globalThis)) return // A page that is still blank.
    const { prototype } = ServiceWorkerRegistration
    const show = prototype.showNotification
    prototype.showNotification = function (title, options) {
      said.add(`${title}: ${options?.body}`)
      return show.call(this, title, options)
    }
  })
  await page.reload()
  await settled(page)
}

/** All that was told in that page since then. */
const said = (page: Page) => page.evaluate(() => [...(globalThis as unknown as { said: Set<string> }).said])

/** Waits for longer than additions are gathered. */
const aMoment = async (page: Page) => page.waitForFunction((began) => performance.now() > began + 2_500, await page.evaluate(() => performance.now()))

/** Shows a new list of one's own. */
async function elsewhere(page: Page) {
  await page.getByRole('textbox', { name: 'New list' }).fill('Elsewhere')
  await page.getByRole('textbox', { name: 'New list' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Elsewhere')
  await settled(page)
}

/** Puts the page out of sight, or into it: a browser without a screen shows every tab. */
const hide = (page: Page, value = true) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true })
    Object.defineProperty(document, 'visibilityState', { value: value ? 'hidden' : 'visible', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, value)

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await sees(bob)
})

test('what is added to another list is told once, in one line, and leads there', async ({ alice, bob }) => {
  const list = await id(alice)
  await elsewhere(bob)
  await ask(alice, ...['Milk', 'Bread', 'Tea', 'Eggs', 'Oats'].map((title) => adding(list, title)))
  await expect(toast(bob)).toHaveCount(1)
  await expect(toast(bob)).toContainText(/ added 5 tasks to My list\./)
  await toast(bob).getByRole('button', { name: 'Show' }).click()
  await sees(bob, 'Milk', 'Bread', 'Tea', 'Eggs', 'Oats')
  await expect(toast(bob)).toHaveCount(0)
  await expect(toast(alice), 'one knows what one did').toHaveCount(0)
})

test('what is added in sight needs no notice, and what is added below leads there', async ({ alice, bob }) => {
  const list = await id(alice)
  await record(bob)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
  await ask(alice, ...Array.from({ length: 60 }, (_, n) => adding(list, `Task ${n}`)))
  await expect(title(bob, 'Task 59')).toBeAttached()
  await aMoment(bob)
  await addTask(alice, 'Far below')
  await expect(toast(bob)).toContainText(/ added “Far below”, out of sight\./)
  await toast(bob).getByRole('button', { name: 'Show' }).click()
  await expect(title(bob, 'Far below')).toBeInViewport()
  await expect(title(bob, 'Far below')).toBeFocused()
  expect(await said(bob), 'of the others some were in sight').toEqual([expect.stringMatching(/ added “Far below”, out of sight\.$/)])
})

test('a notice goes by itself, but not from under the focus', async ({ alice, bob }) => {
  const list = await id(alice)
  await elsewhere(bob)
  await ask(alice, adding(list, 'Milk'))
  await expect(toast(bob)).toBeVisible()
  await toast(bob).getByRole('button', { name: 'Show' }).focus()
  await bob.waitForFunction((began) => performance.now() > began + 10_000, await bob.evaluate(() => performance.now()))
  await expect(toast(bob)).toBeVisible()
  await composer(bob).focus()
  await expect(toast(bob)).toHaveCount(0)
})

test('a paused page is told nothing', async ({ alice, bob }) => {
  const list = await id(alice)
  await elsewhere(bob)
  await ask(alice, adding(list, 'Milk'))
  await expect(toast(bob)).toBeVisible()
  await toast(bob).getByRole('button', { name: 'Dismiss' }).click()
  await bob.getByRole('button', { name: /pause live updates/ }).click()
  await ask(alice, adding(list, 'Bread'))
  await expect(bob.getByRole('button', { name: /1 change waiting/ })).toBeVisible()
  await aMoment(bob)
  await expect(toast(bob)).toHaveCount(0)
})

test.describe('on the desktop', () => {
  const told = (page: Page) =>
    page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready
      return (await worker.getNotifications()).map(({ title, body }) => `${title}: ${body}`)
    })

  /** Allows it in the browser, and wants it on the page about oneself. */
  async function want(page: Page) {
    const address = page.url()
    await page.context().grantPermissions(['notifications'])
    await page.goto('/me')
    const tell = page.getByRole('switch', { name: 'Notify me on this desktop' })
    await tell.check()
    await expect(tell).toBeChecked()
    await page.goto(address)
    await settled(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
  }

  test('one of many hidden tabs tells it, once, and a click shows the list', async ({ alice, bob }) => {
    const list = await id(alice)
    await want(bob)
    const tab = await bob.context().newPage()
    await tab.goto(bob.url())
    await settled(tab)
    for (const page of [bob, tab]) {
      await elsewhere(page)
      await hide(page)
    }
    await ask(alice, adding(list, 'Milk'), adding(list, 'Bread'))
    await expect.poll(() => told(bob)).toEqual([expect.stringMatching(/^My list: .+ added 2 tasks$/)])
    await expect(toast(bob)).toHaveCount(0)
    const worker = bob.context().serviceWorkers()[0]!
    // As text: these tests know a page's types, not a worker's.
    await worker.evaluate(`registration.getNotifications().then(([notification]) => {
      dispatchEvent(new NotificationEvent('notificationclick', { notification }))
    })`)
    // Which of them is the browser's to choose.
    const shown = () => Promise.all([bob, tab].map((page) => page.getByRole('heading', { level: 1 }).textContent()))
    await expect.poll(async () => (await shown()).sort()).toEqual(['Elsewhere', 'My list'])
    expect(await told(bob)).toEqual([])
  })

  for (const paused of [false, true]) {
    test(`nothing is told while a page is in sight${paused ? ', a paused one too' : ''}`, async ({ alice, bob }) => {
      const list = await id(alice)
      await want(bob)
      await record(bob)
      const tab = await bob.context().newPage()
      await tab.goto(bob.url())
      await settled(tab)
      await hide(tab)
      if (paused) await bob.getByRole('button', { name: /pause live updates/ }).click()
      await ask(alice, adding(list, 'Milk'))
      await sees(tab, 'Milk')
      await aMoment(tab)
      await hide(bob)
      await ask(alice, adding(list, 'Bread'))
      const all = async () => [...(await said(bob)), ...(await said(tab))]
      await expect.poll(all).toEqual([expect.stringMatching(/^My list: .+ added “Bread”$/)])
      await aMoment(tab)
      expect((await all()).length, 'and by one of them').toBe(1)
    })
  }

  test('who did not switch it on is told nothing', async ({ alice, bob }) => {
    const list = await id(alice)
    await bob.context().grantPermissions(['notifications'])
    await bob.evaluate(() => navigator.serviceWorker.ready)
    await hide(bob)
    await ask(alice, adding(list, 'Milk'))
    await sees(bob, 'Milk')
    await aMoment(bob)
    expect(await told(bob)).toEqual([])
  })

  test('where the browser blocks it, the page says so in a sentence', async ({ newcomer }) => {
    const page = await newcomer({ permissions: [] })
    await page.goto('/me')
    await expect(page.getByRole('status')).toHaveText(/^Your browser blocks notifications from Tandem\./)
    await expect(page.getByRole('switch', { name: 'Notify me on this desktop' })).toBeDisabled()
  })
})
