// Firefox gives back what stood in a form, hidden fields too, over Back and reload. A form sent again from there must
// neither add a task twice nor swallow one. Playwright's own Firefox is not the one people have, so this drives theirs.
import { type Browser, type Page, launch } from 'puppeteer-core'
import { need } from '../support/browsers.mjs'
import { expect, test } from '../support/test.ts'
import { TEACHING } from '../support/verbs.ts'

let browser: Browser
let page: Page

test.beforeEach(async ({ server }) => {
  browser = await launch({ browser: 'firefox', executablePath: need('firefox'), headless: true })
  page = await browser.newPage()
  // By forms alone: the script never arrives. (With scripting off altogether nothing could look at the page.)
  await page.setRequestInterception(true)
  page.on('request', (request) => (/\.(js|wasm)$/.test(request.url()) ? request.abort() : request.continue()))
  await page.goto(server.url)
})
test.afterEach(() => browser.close())

const titles = () => page.$$eval('ul.tasks[aria-label="Tasks"] .task-title', (titles) => titles.map((title) => title.textContent))
const once = () => page.$eval('.composer [name=once]', (field) => (field as HTMLInputElement).value)

async function sees(...expected: string[]) {
  await expect.poll(titles).toEqual([...TEACHING, ...expected])
}

async function add(title: string) {
  await page.$eval('#new-task', (field) => ((field as HTMLInputElement).value = ''))
  await page.type('#new-task', title)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

test('Firefox: back and send again, reload, double submit', async () => {
  await add('Milk')
  await sees('Milk')
  await page.reload()
  await sees('Milk')

  // What is typed after going back is a task of its own, whatever the browser put back into the form.
  await page.goBack()
  await add('Bread')
  await sees('Milk', 'Bread')
  await page.goBack()
  await add('Bread')
  await sees('Milk', 'Bread', 'Bread')

  // A page that is reloaded has a new number for its form, not the old one that the browser remembers.
  const before = await once()
  await page.reload()
  expect(await once()).not.toBe(before)
  await add('Tea')
  await page.reload()
  await add('Tea')
  await sees('Milk', 'Bread', 'Bread', 'Tea', 'Tea')

  // Twice in one breath is once.
  await page.type('#new-task', 'Oats')
  const navigated = page.waitForNavigation()
  await page.click('.composer .button--primary', { count: 2 })
  await navigated
  await sees('Milk', 'Bread', 'Bread', 'Tea', 'Tea', 'Oats')
  await page.reload()
  await sees('Milk', 'Bread', 'Bread', 'Tea', 'Tea', 'Oats')
})
