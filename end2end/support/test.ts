// The fixtures: a server of the test's own, and the people who use it, each in a browser context of their own.
import { type BrowserContextOptions, type Page, test as base, expect } from '@playwright/test'
import { Proxy } from './proxy.ts'
import { Server } from './server.ts'
import { shareLink, settled } from './verbs.ts'

type Fixtures = {
  server: Server
  /** Stands before the server for those who come by its address. */
  between: Proxy
  /** Opens the page as somebody who was never here before. */
  newcomer: (options?: BrowserContextOptions) => Promise<Page>
  /** Has opened the page, and with it a first list. */
  alice: Page
  /** Has joined Alice's list by her share link. */
  bob: Page
}

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => {
    const server = await Server.start()
    await use(server)
    await server.remove()
    if (info.status !== info.expectedStatus) await info.attach('server', { body: server.log })
  },
  between: async ({ server }, use) => {
    const proxy = await Proxy.start(server)
    await use(proxy)
    await proxy.stop()
  },
  newcomer: async ({ browser, server }, use) => {
    const wrong: string[] = []
    const contexts: (() => Promise<void>)[] = []
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: server.url, ...options })
      contexts.push(() => context.close())
      context.on('weberror', (error) => wrong.push(String(error.error())))
      context.on('console', (message) => {
        // Without a network a browser says so for each request; that is no fault of the page.
        const fault = message.type() === 'error' && !/Failed to load resource|net::ERR_|^An unknown error occurred when fetching the script\.$/.test(message.text())
        if (fault || /hydrat|panicked|reactive graph|Content Security Policy/i.test(message.text())) {
          wrong.push(message.text())
        }
      })
      return context.newPage()
    })
    for (const close of contexts) await close()
    expect(wrong, 'what the pages complained about').toEqual([])
  },
  alice: async ({ newcomer, javaScriptEnabled }, use) => {
    const alice = await newcomer()
    await alice.goto('/')
    if (javaScriptEnabled !== false) await settled(alice)
    await use(alice)
  },
  bob: async ({ newcomer, alice, javaScriptEnabled }, use) => {
    const bob = await newcomer()
    await bob.goto(await shareLink(alice))
    await bob.getByRole('button', { name: 'Join the list' }).click()
    await expect(bob.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
    if (javaScriptEnabled !== false) await Promise.all([settled(bob), settled(alice)])
    await use(bob)
  },
})

export { expect, type Page }
