// Many tabs of one browser have one stream between them: over HTTP/1.1 a browser opens six connections to a host, and a
// seventh tab with a stream of its own would wait for ever. None of them misses a change, whichever goes.
import type { BrowserContext, CDPSession } from '@playwright/test'
import { type Page, expect, test } from '../support/test.ts'
import { TEACHING, addTask, clearTeaching, sees, settled, title } from '../support/verbs.ts'

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP tandem.test 127.0.0.1'] }),
})

async function open(context: BrowserContext, address: string) {
  const tab = await context.newPage()
  await tab.goto(address)
  await settled(tab)
  return tab
}

/** Freezes a tab that nobody looks at, as a browser does to save power, and thaws it. */
async function lifecycle(tab: Page) {
  const cdp: CDPSession = await tab.context().newCDPSession(tab)
  return (state: 'frozen' | 'active') => cdp.send('Page.setWebLifecycleState', { state })
}

for (const host of ['localhost', 'tandem.test']) {
  test(`twenty tabs are live, and the next page still loads: ${host}`, async ({ newcomer, between: proxy }) => {
    const address = `http://${host}:${proxy.port}/`
    const alice = await newcomer()
    await alice.goto(address)
    await settled(alice)
    const tabs = [alice]
    while (tabs.length < 20) tabs.push(await open(alice.context(), address))
    expect(proxy.streams).toBe(1)
    await addTask(alice, 'Milk')
    await Promise.all(tabs.map((tab) => sees(tab, ...TEACHING, 'Milk')))
    const me = await alice.context().newPage()
    await me.goto(`${address}me`)
    await expect(me.getByRole('heading', { level: 1 })).toBeVisible()
    expect(proxy.asked['/events']).toBe(1)
    expect(proxy.asked['/changes']).toBeUndefined()
  })
}

test('the first tab is closed: the others stay live, the idle one too, within two heartbeats', async ({ newcomer, between: proxy, bob, alice, server }) => {
  await server.restart('--heartbeat', '2')
  await Promise.all([settled(alice), settled(bob)])
  const address = proxy.url + new URL(alice.url()).pathname
  await clearTeaching(alice)
  const first = await newcomer({ storageState: await alice.context().storageState() })
  await first.goto(address)
  await settled(first)
  const [second, idle] = [await open(first.context(), address), await open(first.context(), address)]
  await first.close()
  const closed = Date.now()
  await addTask(bob, 'Milk')
  await Promise.all([sees(second, 'Milk'), sees(idle, 'Milk')])
  expect(Date.now() - closed).toBeLessThan(2 * 2_000 + 1_000)
  await addTask(second, 'Bread')
  await Promise.all([sees(bob, 'Milk', 'Bread'), sees(idle, 'Milk', 'Bread')])
  expect(proxy.asked['/events']).toBe(1)
})

test('a tab is frozen: the others stay live, and it finds what it missed when it thaws', async ({ alice, bob }) => {
  await clearTeaching(alice)
  const others = [await open(alice.context(), alice.url()), await open(alice.context(), alice.url())]
  const turns = await lifecycle(alice)
  await turns('frozen')
  await addTask(bob, 'Milk', 'Bread')
  for (const tab of others) await sees(tab, 'Milk', 'Bread')
  await turns('active')
  await sees(alice, 'Milk', 'Bread')
  await settled(alice)
  // All of them, and it is well when they come back.
  const frozen = await Promise.all([alice, ...others].map(lifecycle))
  for (const turns of frozen) await turns('frozen')
  await addTask(bob, 'Tea')
  await settled(bob)
  for (const turns of frozen) await turns('active')
  for (const tab of [alice, ...others]) await sees(tab, 'Milk', 'Bread', 'Tea')
})

test('the worker that holds the stream ends: the tabs begin another', async ({ alice, bob, server, browser }) => {
  await server.restart('--heartbeat', '2')
  await Promise.all([settled(alice), settled(bob)])
  const other = await open(alice.context(), alice.url())
  const cdp = await browser.newBrowserCDPSession()
  const { targetInfos } = await cdp.send('Target.getTargets')
  const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
  expect(workers).toHaveLength(2) // Hers and his.
  for (const { targetId } of workers) await cdp.send('Target.closeTarget', { targetId })
  await addTask(bob, 'Milk')
  for (const tab of [alice, other, bob]) {
    await expect(title(tab, 'Milk')).toBeVisible()
    await settled(tab)
  }
})

test('without a shared worker each tab holds its own stream, by the same rules', async ({ newcomer, between: proxy, server }) => {
  await server.restart('--heartbeat', '2')
  const alice = await newcomer()
  await alice.context().addInitScript(() => delete (window as any).SharedWorker)
  await alice.goto(proxy.url)
  await settled(alice)
  const other = await open(alice.context(), proxy.url)
  expect(proxy.streams).toBe(2)
  await addTask(alice, 'Milk')
  await expect(title(other, 'Milk')).toBeVisible()
  proxy.cut()
  await addTask(other, 'Bread')
  await expect(title(alice, 'Bread')).toBeVisible()
  await Promise.all([settled(alice), settled(other)])
})
