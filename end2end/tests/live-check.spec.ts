// The page for self-hosters: each of its lines seen to say yes, and seen to say no behind a proxy that does what it warns of.
import { DEVICES, inspect } from '../support/axe.ts'
import { type Manner, proxy } from '../support/hosting.ts'
import { type Page, expect, test } from '../support/test.ts'

const NAMES = ['first', 'one-by-one', 'idle', 'compression', 'tabs', 'names', 'secure']

async function verdicts(page: Page) {
  await expect(page.locator('#check-all[data-verdict]')).toBeVisible({ timeout: 45_000 })
  const lines = await page.locator('[data-check]').evaluateAll((lines) => lines.map((line) => {
    const { check, verdict } = (line as HTMLElement).dataset
    return [check, verdict, (line.querySelector('.check-verdict') as HTMLElement).innerText] as const
  }))
  expect(lines.map(([name]) => name)).toEqual(NAMES)
  return Object.fromEntries(lines.map(([name, verdict, sentence]) => [name, { verdict, sentence }]))
}

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP tandem.test 127.0.0.1'] }),
})

test.beforeEach(async ({ server }) => server.restart('--heartbeat', '1'))

test('everything works on the server itself @phone', async ({ newcomer }) => {
  const page = await newcomer()
  await page.goto('/live-check')
  const lines = await verdicts(page)
  expect(lines).toEqual(Object.fromEntries(NAMES.map((name) => [name, { verdict: 'good', sentence: expect.stringMatching(/^Works\. /) }])))
  await expect(page.getByRole('status')).toHaveText('Everything works.')
  expect(lines.tabs!.sentence).toContain('HTTP/1.1')
  // Nothing is unfolded where nothing is to be done; and all of it can be done by keys.
  await expect(page.locator('details[open]')).toHaveCount(0)
  await page.getByRole('button', { name: 'Check again' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toHaveText('Checking …')
  await verdicts(page)
  await expect(page.getByRole('button', { name: 'Check again' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.locator('details[open]')).toHaveCount(1)
  await expect(page.locator('details[open] code').first()).toBeVisible()
  // It stays unfolded while all is looked at once more.
  await page.getByRole('button', { name: 'Check again' }).click()
  await verdicts(page)
  await expect(page.locator('details[open]')).toHaveCount(1)
})

for (const [manner, bad, words] of [
  ['plain', [], ''],
  ['collects', ['first', 'one-by-one', 'idle'], 'all at once'],
  ['compresses', ['first', 'one-by-one', 'idle', 'compression'], 'The stream arrives as gzip'],
  ['hangs-up', ['idle'], 'The connection was cut'],
  ['renames', ['names'], 'the server believes that it is at http://tandem.internal'],
] as [Manner, string[], string][]) {
  test(`a proxy that ${manner === 'plain' ? 'does nothing' : manner.replace('-', ' ')} is told from others`, async ({ newcomer, server }) => {
    const between = await proxy(server.port, manner)
    const page = await newcomer({ baseURL: between.url })
    // A browser says of each stream that is cut that it was; that is what the page is about.
    await page.goto('/live-check')
    const lines = await verdicts(page)
    expect(NAMES.filter((name) => lines[name]!.verdict === 'bad')).toEqual(bad)
    expect(bad.map((name) => lines[name]!.sentence).join('\n')).toContain(words)
    await expect(page.locator('details[open]')).toHaveCount(bad.length)
    between.close()
  })
}

test('a cookie that does not come is said', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.route('**/events/check*', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).replace('"session":true', '"session":false') })
  })
  await page.goto(server.url + '/live-check')
  expect((await verdicts(page)).secure).toEqual({ verdict: 'bad', sentence: 'Does not work. The cookie did not reach the server.' })
})

test('what is missing over plain HTTP and in a browser without shared workers is a note', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.addInitScript(() => void delete (window as any).SharedWorker)
  await page.goto(`http://tandem.test:${server.port}/live-check`)
  const lines = await verdicts(page)
  expect(NAMES.filter((name) => lines[name]!.verdict === 'note')).toEqual(['tabs', 'secure'])
  expect(NAMES.filter((name) => lines[name]!.verdict === 'bad')).toEqual([])
  expect(lines.tabs!.sentence).toContain('keep it to five tabs')
  await expect(page.getByRole('status')).toHaveText('Everything works. 2 things could be better.')
})

test('a server that is gone is said', async ({ newcomer, server }) => {
  const page = await newcomer()
  await page.goto('/live-check')
  await verdicts(page)
  await server.kill()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByRole('status')).toHaveText(/^7 things do not work/)
})

for (const [device, open] of Object.entries(DEVICES)) {
  test(`axe finds nothing on a ${device}`, async ({ newcomer, server }) => {
    const between = await proxy(server.port, 'collects')
    // A browser on a phone zooms out where a page is too wide, which is what the last line is to notice.
    const page = await newcomer({ ...open, isMobile: false })
    for (const [state, url] of [['good', server.url], ['bad', between.url]]) {
      await page.goto(`${url}/live-check`)
      await verdicts(page)
      await inspect(page, `live-check-${state}-${device}`, true)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    between.close()
  })
}
