// Five journeys that must work in every browser, each by one script, whichever browser is driven.
import { launch } from 'puppeteer-core'
import { find, need } from '../support/browsers.mjs'
import { Proxy } from '../support/proxy.ts'
import { type Screen, addTask, closeMenu, completeFirst, composeFirst, inChromium, inFirefox, isNow, openMenu, retitleFirst, sees, settled, translate } from '../support/screen.ts'
import { test as base, expect } from '../support/test.ts'
import { TEACHING, shareLink, sees as seesInChromium } from '../support/verbs.ts'
import { WebKit } from '../support/webkit.ts'

for (const name of ['Chromium', 'Firefox', 'WebKit']) {
  const test = base.extend<{ person: Screen }>({
    person: async ({ newcomer }, use) => {
      if (name === 'Chromium') return use(inChromium(await newcomer()))
      if (name === 'WebKit') {
        const webkit = await WebKit.start(need('webkit'))
        await use(await webkit.screen())
        return webkit.stop()
      }
      const browser = await launch({ browser: 'firefox', executablePath: need('firefox'), headless: true })
      await use(inFirefox(browser, await browser.newPage()))
      await browser.close()
    },
  })
  test.describe(name, () => {
    test.skip(name === 'WebKit' && !find('webkit'), 'its driver comes from Debian alone, and is not here')

    test(`${name}: the first minute, and what is left of it after a reload`, async ({ person: screen, server }) => {
      await screen.open(server.url)
      await settled(screen)
      await sees(screen, ...TEACHING)
      await addTask(screen, 'Milk')
      await completeFirst(screen)
      await retitleFirst(screen, 'Two windows')
      await sees(screen, 'Two windows', TEACHING[2]!, 'Milk')
      await settled(screen)
      await screen.reload()
      await settled(screen)
      await sees(screen, 'Two windows', TEACHING[2]!, 'Milk')
    })

    test(`${name}: two people see each other's doings as they happen`, async ({ person: screen, server, alice }) => {
      await screen.open(await shareLink(alice))
      await screen.click('main .button--primary')
      await expect.poll(() => screen.attribute('html', 'data-sync')).toBe('live')
      await addTask(screen, 'Milk')
      await seesInChromium(alice, ...TEACHING, 'Milk')
      await alice.getByRole('textbox', { name: 'Add a task' }).fill('Bread')
      await alice.keyboard.press('Enter')
      await sees(screen, ...TEACHING, 'Milk', 'Bread')
      await completeFirst(screen)
      await seesInChromium(alice, ...TEACHING.slice(1), 'Milk', 'Bread')
    })

    test(`${name}: the server goes and comes back, and the network dies without a word`, async ({ person: screen, server }) => {
      await server.restart('--heartbeat', '2')
      const proxy = await Proxy.start(server)
      await screen.open(proxy.url)
      await settled(screen)
      await server.kill()
      await isNow(screen, 'offline')
      await addTask(screen, 'Milk')
      await server.restart('--heartbeat', '2')
      await settled(screen)
      await sees(screen, ...TEACHING, 'Milk')
      proxy.fault = 'dead'
      await isNow(screen, 'offline')
      await addTask(screen, 'Bread')
      proxy.fault = 'none'
      proxy.cut()
      await settled(screen)
      await sees(screen, ...TEACHING, 'Milk', 'Bread')
      await screen.reload()
      await sees(screen, ...TEACHING, 'Milk', 'Bread')
      await proxy.stop()
    })

    test(`${name}: a part of the program does not come, is of another build, comes, and is there without a network`, async ({ person: screen, server }) => {
      const proxy = await Proxy.start(server)
      const failed = () => screen.texts('.task-say p')
      const sentence = 'This could not be loaded. Perhaps there is no network, or Tandem was updated.'
      const part = /^\/pkg\/panels\./
      proxy.lost = { path: part, as: 'cut' }
      await screen.open(proxy.url)
      await settled(screen)
      await openMenu(screen)
      await expect.poll(failed).toEqual([sentence])
      const asked = () => Object.entries(proxy.asked).reduce((sum, [path, times]) => sum + (part.test(path) ? times : 0), 0)
      const before = asked()
      proxy.lost.as = 'missing'
      await screen.click('.task-say button')
      await expect.poll(asked).toBeGreaterThan(before)
      await expect.poll(failed).toEqual([sentence])
      await addTask(screen, 'Milk')
      await settled(screen)
      proxy.lost = undefined
      await screen.click('.task-say button')
      await closeMenu(screen)
      // The worker keeps what the document names, and the page asks it.
      await screen.reload()
      await settled(screen)
      await expect.poll(async () => (await screen.kept()).map((url) => new URL(url).pathname).filter((path) => path === '/' || part.test(path))).toHaveLength(2)
      proxy.fault = 'closed'
      proxy.cut()
      await isNow(screen, 'offline')
      await openMenu(screen)
      await closeMenu(screen)
      await proxy.stop()
    })

    test(`${name}: a login in front ends nothing, and one edit that is refused on the way holds up no other`, async ({ person: screen, server }) => {
      test.slow()
      const proxy = await Proxy.start(server)
      await screen.open(proxy.url)
      await settled(screen)
      const typed: string[] = []
      for (const instead of [{ status: 401 }, { status: 200 }, { status: 302, headers: { location: 'http://127.0.0.1:9/login' } }]) {
        proxy.instead = () => instead
        proxy.cut()
        typed.push(`While ${instead.status}`)
        await addTask(screen, typed.at(-1)!)
        await expect.poll(() => screen.texts('.ended p')).toEqual([expect.stringContaining('Something between this page and Tandem')])
        expect(await screen.texts('.tray .kept')).toEqual([])
        proxy.instead = undefined
        await settled(screen)
      }
      proxy.instead = (path, body) => (path === '/fn/push' && body.includes('DROP TABLE') ? { status: 403 } : undefined)
      await addTask(screen, 'DROP TABLE tasks', 'Tea')
      await expect.poll(() => screen.texts('.tray .kept')).toEqual(['DROP TABLE tasks'])
      await settled(screen)
      await sees(screen, ...TEACHING, ...typed, 'Tea')
      await proxy.stop()
    })

    test(`${name}: an input method's keys are its own, and a translator changes nothing`, async ({ person: screen, server, alice }) => {
      await screen.open(await shareLink(alice))
      await screen.click('main .button--primary')
      await expect.poll(() => screen.attribute('html', 'data-sync')).toBe('live')
      await composeFirst(screen, '牛乳')
      await seesInChromium(alice, '牛乳', ...TEACHING.slice(1))
      await translate(screen)
      await sees(screen, '牛乳', ...TEACHING.slice(1))
      await alice.getByRole('textbox', { name: 'Add a task' }).fill('Bread')
      await alice.keyboard.press('Enter')
      await sees(screen, '牛乳', ...TEACHING.slice(1), 'Bread')
      expect(server.log).not.toContain('panicked')
    })

    test(`${name}: eight tabs share one stream, and the first may go`, async ({ person: screen, server }) => {
      const proxy = await Proxy.start(server)
      await screen.open(proxy.url)
      await settled(screen)
      const tabs: Screen[] = []
      while (tabs.length < 7) {
        const tab = await screen.tab(proxy.url)
        await settled(tab)
        tabs.push(tab)
      }
      expect(proxy.streams).toBe(1)
      await screen.close()
      await addTask(tabs[6]!, 'Milk')
      for (const tab of tabs) await sees(tab, ...TEACHING, 'Milk')
      expect(proxy.asked['/events']).toBe(1)
      await proxy.stop()
    })
  })
}
