// The stream as a browser hears it, against what `/changes` says and what a client in Python reads: the same rows, none
// missing, none twice. (A client in Rust is held against the one in Python in server/tests/http/python.rs.)
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { changes } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import { addTask, clearTeaching, complete, retitle, settled, title } from '../support/verbs.ts'

declare global {
  interface Window {
    heard: { id: string; event: string; data: any }[]
    source: EventSource
  }
}

/** Reads the stream of the person of that page in Python; what it has read so far, as it grows. */
async function readInPython(page: Page) {
  const cookie = (await page.context().cookies(page.url())).map(({ name, value }) => `${name}=${value}`).join('; ')
  const script = join(import.meta.dirname, '../../server/tests/stream_client.py')
  const reader = spawn('python3', [script, new URL(page.url()).port, cookie], { stdio: ['ignore', 'pipe', 'inherit'] })
  const heard: Window['heard'] = []
  createInterface({ input: reader.stdout }).on('line', (line) => {
    const { id, event, data } = JSON.parse(line)
    heard.push({ id, event, data: JSON.parse(data) })
  })
  return { heard, end: () => reader.kill() }
}

// A heartbeat, and who is there, comes when it comes; all else is the same for everyone.
const without = (heard: Window['heard']) => heard.filter(({ event }) => !['heartbeat', 'presence'].includes(event))

test('a browser, a client in Python and /changes agree', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await alice.evaluate(async () => {
    window.heard = []
    window.source = new EventSource('/events')
    for (const event of ['hello', 'change', 'heartbeat', 'reset']) {
      window.source.addEventListener(event, ({ lastEventId, data }) => window.heard.push({ id: lastEventId, event, data: JSON.parse(data) }))
    }
  })
  await expect.poll(() => alice.evaluate(() => window.heard.map(({ event }) => event))).toContain('heartbeat')
  const python = await readInPython(alice)
  await expect.poll(() => python.heard.length).toBeGreaterThan(1)
  const [hello] = await alice.evaluate(() => window.heard)
  expect(hello!.event).toBe('hello')
  expect(hello!.id).toBe(`${hello!.data.epoch}.${hello!.data.seq}`)

  await addTask(alice, 'Milk', 'Bread')
  await expect(title(bob, 'Bread')).toBeVisible()
  await retitle(bob, 'Milk', 'Oat milk')
  await complete(bob, 'Bread')
  await settled(bob)
  const rows = async () => (await alice.evaluate(() => window.heard)).filter(({ event }) => event === 'change')
  await expect.poll(async () => (await rows()).length).toBe(4)

  const said = (await changes(alice, hello!.id)).filter(({ event }) => event === 'change')
  expect(await rows()).toEqual(said)
  await expect.poll(() => without(python.heard).length).toBe(5)
  expect(without(python.heard)).toEqual(without(await alice.evaluate(() => window.heard)))
  python.end()
  const kinds = said.map(({ data }) => data.changes.map((change: object) => Object.keys(change)[0]))
  expect(kinds).toEqual([['task_added'], ['task_added'], ['task_set'], ['task_set']])
  expect(said.slice(2).map(({ data }) => data.changes[0].task_set.field)).toEqual([{ title: 'Oat milk' }, { done: true }])
  const versions = said.map(({ data }) => data.version)
  expect(versions).toEqual(versions.map((_, index) => versions[0] + index))
  expect(new Set(said.map(({ id }) => id)).size).toBe(4)
})

test('a browser that was cut off hears what it missed, and only that', async ({ alice, bob, server }) => {
  await clearTeaching(alice)
  await alice.evaluate(() => {
    window.heard = []
    window.source = new EventSource('/events')
    window.source.addEventListener('change', ({ lastEventId, data }) =>
      window.heard.push({ id: lastEventId, event: 'change', data: JSON.parse(data) }),
    )
  })
  await expect.poll(() => alice.evaluate(() => window.source.readyState)).toBe(1)
  await addTask(bob, 'One')
  await expect.poll(() => alice.evaluate(() => window.heard.length)).toBe(1)
  await server.restart()
  await addTask(bob, 'Two', 'Three')
  await settled(bob)
  await expect.poll(() => alice.evaluate(() => window.heard.map(({ data }) => data.changes[0].task_added?.task.title)), { timeout: 20_000 })
    .toEqual(['One', 'Two', 'Three'])
})
