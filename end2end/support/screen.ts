// What a person can do with a browser, whichever drives it: Playwright drives Chromium, puppeteer the Firefox that people have, by
// WebDriver BiDi, and `webkit.ts` a WebKit by WebDriver alone.
import { type Page, expect } from '@playwright/test'
import type { Browser as Firefox, Page as FirefoxPage } from 'puppeteer-core'

export interface Screen {
  open(address: string): Promise<void>
  reload(): Promise<void>
  /** Another tab of the same browser. */
  tab(address: string): Promise<Screen>
  close(): Promise<void>
  /** Types into a field in place of what stands there. */
  type(field: string, text: string): Promise<void>
  /** Presses a key where the focus is. */
  press(key: 'Enter' | 'Escape'): Promise<void>
  /** Clicks the first that the selector finds. */
  click(selector: string): Promise<void>
  /** The texts of all that the selector finds. */
  texts(selector: string): Promise<string[]>
  attribute(selector: string, name: string): Promise<string | null>
  /** The addresses of what the service worker keeps. */
  kept(): Promise<string[]>
  /** Runs a script in the page. */
  run(script: string): Promise<void>
}

/** In the page: what the service worker keeps. */
export async function keptAddresses() {
  const names = await caches.keys()
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
  return requests.flat().map(({ url }) => url)
}

export function inChromium(page: Page): Screen {
  return {
    open: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    tab: async (address) => {
      const tab = inChromium(await page.context().newPage())
      await tab.open(address)
      return tab
    },
    close: () => page.close(),
    type: (field, text) => page.locator(field).fill(text),
    press: (key) => page.keyboard.press(key),
    click: (selector) => page.locator(selector).first().click(),
    texts: (selector) => page.locator(selector).allTextContents(),
    attribute: async (selector, name) => page.evaluate(([selector, name]) => document.querySelector(selector!)?.getAttribute(name!) ?? null, [selector, name]),
    kept: () => page.evaluate(keptAddresses),
    run: (script) => page.evaluate(`{${script}}`),
  }
}

export function inFirefox(browser: Firefox, page: FirefoxPage): Screen {
  return {
    open: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    tab: async (address) => {
      const tab = inFirefox(browser, await browser.newPage())
      await tab.open(address)
      return tab
    },
    close: () => page.close(),
    type: async (field, text) => {
      await page.$eval(field, (field) => ((field as HTMLInputElement).value = ''))
      await page.type(field, text)
    },
    press: (key) => page.keyboard.press(key),
    click: async (selector) => {
      await page.waitForSelector(selector)
      await page.click(selector)
    },
    texts: (selector) => page.$$eval(selector, (found) => found.map((element) => element.textContent ?? '')),
    attribute: async (selector, name) => page.evaluate((selector, name) => document.querySelector(selector)?.getAttribute(name) ?? null, selector, name),
    kept: () => page.evaluate(keptAddresses),
    run: async (script) => void (await page.evaluate(`{${script}}`)),
  }
}

const OPEN = 'ul.tasks[aria-label="Tasks"] .task-title'

/** Waits until the page is live and everything is saved. */
export async function settled(screen: Screen) {
  await expect.poll(() => Promise.all(['data-sync', 'data-pending'].map((name) => screen.attribute('html', name)))).toEqual(['live', '0'])
}

/** Waits until the page says that it is that live. */
export async function isNow(screen: Screen, sync: string) {
  await expect.poll(() => screen.attribute('html', 'data-sync')).toBe(sync)
}

export async function addTask(screen: Screen, ...titles: string[]) {
  for (const title of titles) {
    await screen.type('#new-task', title)
    await screen.press('Enter')
    await expect.poll(() => screen.texts(OPEN)).toContain(title)
  }
}

/** Completes the first task of the list. */
export const completeFirst = (screen: Screen) => screen.click('ul.tasks[aria-label="Tasks"] .task-check')

/** Renames the first task of the list. */
export async function retitleFirst(screen: Screen, title: string) {
  await screen.click(OPEN)
  await screen.type('[aria-label="Title"]', title)
  await screen.press('Enter')
}

/** What browsers tell of an Enter by which an input method is told to take what it offers, each in its own order. */
const COMPOSES = `
  const field = document.querySelector('[aria-label="Title"]')
  const fire = (type, init) => field.dispatchEvent(
    type === 'keydown' ? new KeyboardEvent(type, { key: 'Enter', bubbles: true, cancelable: true, ...init }) : new CompositionEvent(type, { bubbles: true }))
  for (const [code, isComposing, isFirst] of [[229, true, true], [13, true, true], [229, false, false], [13, false, false]]) {
    fire('compositionstart')
    if (isFirst) fire('keydown', { keyCode: code, isComposing })
    fire('compositionend')
    if (!isFirst) fire('keydown', { keyCode: code, isComposing })
  }`

/** Types a title into the first task, with an input method whose keys are not the page's. */
export async function composeFirst(screen: Screen, title: string) {
  await screen.click(OPEN)
  await screen.type('[aria-label="Title"]', title)
  await screen.run(COMPOSES)
  await expect.poll(() => screen.texts('[aria-label="Title"]')).toHaveLength(1)
  // What ends a composition ends with the task of the browser that it is in.
  await screen.run('requestAnimationFrame(() => requestAnimationFrame(() => (document.body.dataset.next = "")))')
  await expect.poll(() => screen.attribute('body', 'data-next')).toBe('')
  await screen.press('Enter')
}

/** Does what a translator does: in place of each text an element with the translation. */
export const translate = (screen: Screen) => screen.run(`
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode)
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement.closest('script, style, textarea, font')) continue
    const font = document.createElement('font')
    font.textContent = '[' + text.data + ']'
    text.replaceWith(font)
  }`)

/** Opens the menu of the first task, which is in a part of the program that is loaded then. */
export const openMenu = (screen: Screen) => screen.click('ul.tasks[aria-label="Tasks"] .task-more')

/** Waits until a menu is open, and closes it. */
export async function closeMenu(screen: Screen) {
  await expect.poll(() => screen.texts('.menu [role="menuitem"]')).toContain('DeleteDel')
  await screen.press('Escape')
  await expect.poll(() => screen.texts('.menu')).toEqual([])
}

/** Waits until what is to be done are these, in this order. */
export async function sees(screen: Screen, ...expected: string[]) {
  await expect.poll(() => screen.texts(OPEN)).toEqual(expected)
}
