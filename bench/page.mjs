// Visits the list of each server in Chromium as on a slow phone, in turns, and prints the medians in milliseconds since the visit
// began: the first content, the page being live, and a row answering a key. `make bench ARGS=page` starts it.
//
// The network of the page is slowed by the browser itself; its workers (the stream's, the service worker's) are not.
import { chromium } from '../end2end/node_modules/@playwright/test/index.mjs'
import { need } from '../end2end/support/browsers.mjs'

const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 }
const SLOWER = 4
const FIGURES = /** @type {const} */ (['content', 'live', 'keys'])

/** @typedef {Record<'content' | 'live' | 'keys', number>} Visit */
/** @typedef {{ name: string, origin: string, path: string, cookie: string, cold: Visit[], warm: Visit[] }} Side */

const { sides, rounds } = /** @type {{ sides: Side[], rounds: number }} */ (JSON.parse(process.argv[2] ?? ''))
for (const side of sides) Object.assign(side, { cold: [], warm: [] })

const browser = await chromium.launch({ executablePath: need('chromium') })
// The first round warms the machine up and does not count.
for (let round = 0; round <= rounds; round++) {
  for (const side of sides) {
    const { cold, warm } = await visits(side)
    if (round === 0) continue
    side.cold.push(cold)
    side.warm.push(warm)
  }
}
await browser.close()

for (const [number, side] of sides.entries()) console.log(`${number + 1}: ${side.name}`)
console.log(`\nMilliseconds, medians of ${rounds}:\n`)
for (const kind of /** @type {const} */ (['cold', 'warm'])) {
  for (const figure of FIGURES) {
    const values = sides.map((side) => median(side[kind].map((visit) => visit[figure])).toFixed(0).padStart(10))
    console.log(`${`${kind}, ${figure}`.padEnd(20)}${values.join('')}`)
  }
}

/**
 * Somebody's first visit, and the next one, for which a service worker has kept what it could.
 * @param {Side} side
 */
async function visits({ origin, path, cookie }) {
  const context = await browser.newContext()
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: origin }])
  await context.addInitScript(watch)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', SLOW_4G)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  const cold = await visit()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true))
  await page.waitForTimeout(1_500) // The worker fills its cache.
  const warm = await visit()
  await context.close()
  return { cold, warm }

  async function visit() {
    await page.goto(origin + path, { waitUntil: 'commit' })
    const seen = await page.waitForFunction(() => {
      const seen = /** @type {any} */ (window).seen
      return seen?.content && seen.live && seen.keys ? seen : null
    })
    return /** @type {Visit} */ (await seen.jsonValue())
  }
}

/** Runs in the page before anything else: notes when each thing was there first. */
function watch() {
  const seen = /** @type {Partial<Visit>} */ ({})
  Object.assign(window, { seen })
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0]
    if (paint) seen.content = paint.startTime
  }).observe({ type: 'paint', buffered: true })
  const looking = setInterval(() => {
    const now = performance.now()
    if (document.documentElement?.dataset.sync === 'live') seen.live ??= now
    // A row that is alive takes the key; it moves on to the next one.
    const key = new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true })
    const title = document.querySelector('.task-title')
    if (!seen.keys && title && !title.dispatchEvent(key)) seen.keys = now
    if (seen.live && seen.keys) clearInterval(looking)
  }, 20)
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
