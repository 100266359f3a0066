// Reads GET /events as a browser or a library from npm does, and prints each event as a line of JSON.
//
//     node readers.mjs eventsource|eventsource-parser|chromium|firefox URL COOKIE [LAST-EVENT-ID]
import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import { launch } from 'puppeteer-core'
import { find } from './browsers.mjs'

const [library, url = '', cookie = '', lastId] = process.argv.slice(2)
const names = ['hello', 'change', 'heartbeat', 'reset', 'gone', 'bye']

/** @param {string} id @param {string | undefined} event @param {string} data */
const print = (id, event, data) => console.log(JSON.stringify({ id, event: event ?? 'message', data }))

// It ends when whoever started it has nothing more to tell.
let end = async () => {}
process.stdin.resume().on('end', () => end().finally(() => process.exit()))

/** Comes back by itself, as browsers do. */
function eventsource() {
  const source = new EventSource(url, { fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, cookie } }) })
  for (const name of names) source.addEventListener(name, ({ lastEventId, data }) => print(lastEventId, name, data))
}

async function eventsourceParser() {
  const parser = createParser({ onEvent: ({ id, event, data }) => print(id ?? '', event, data) })
  const headers = { accept: 'text/event-stream', cookie, ...(lastId && { 'last-event-id': lastId }) }
  const { body } = await fetch(url, { headers })
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(text)
}

/** @param {'chromium' | 'firefox'} name */
async function browser(name) {
  const browser = await launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath: find(name),
    headless: true,
    args: name === 'chromium' ? ['--no-sandbox'] : [],
  })
  end = () => browser.close()
  const page = await browser.newPage()
  const { hostname, origin } = new URL(url)
  const [key = '', value = ''] = cookie.split('=')
  await browser.setCookie({ name: key, value, domain: hostname, path: '/' })
  await page.exposeFunction('heard', print)
  // A page of that origin which opens no stream of its own.
  await page.goto(`${origin}/healthz`)
  await page.evaluate(
    (url, names) => {
      const source = new EventSource(url)
      // @ts-expect-error it was exposed just now
      for (const name of names) source.addEventListener(name, ({ lastEventId, data }) => heard(lastEventId, name, data))
    },
    url,
    names,
  )
}

if (library === 'eventsource') eventsource()
else if (library === 'eventsource-parser') await eventsourceParser().catch(() => {}).finally(() => process.exit())
else if (library === 'chromium' || library === 'firefox') await browser(library)
