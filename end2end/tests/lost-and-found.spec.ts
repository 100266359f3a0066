// The server dies, the network goes, the page is reloaded: nothing is lost, nothing is there twice.
import { expect, test } from '../support/test.ts'
import {
  addTask, clearTeaching, complete, composer, isNow, retitle, sees, seesCompleted, settled, title, titles,
} from '../support/verbs.ts'

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name} ${index + 1}`)

test('the server is killed and comes back while both type', async ({ alice, bob, server }) => {
  await clearTeaching(alice)
  const [hers, his] = [numbered('Alice', 12), numbered('Bob', 12)]
  const type = async (page: typeof alice, tasks: string[]) => {
    for (const task of tasks) {
      await composer(page).pressSequentially(task)
      await composer(page).press('Enter')
    }
  }
  const typing = Promise.all([type(alice, hers), type(bob, his)])
  for (let crash = 0; crash < 3; crash++) {
    const there = (await titles(alice)).length
    await expect.poll(async () => (await titles(alice)).length).toBeGreaterThanOrEqual(Math.min(there + 3, 12))
    await server.kill()
    await server.restart()
  }
  await typing
  await Promise.all([settled(alice), settled(bob)])
  const everything = [...hers, ...his].sort()
  await expect.poll(async () => (await titles(alice)).sort()).toEqual(everything)
  await expect.poll(async () => (await titles(bob)).sort()).toEqual(everything)
  expect(await titles(bob)).toEqual(await titles(alice))
  // Each one's own stay in the order in which they were typed.
  expect((await titles(bob)).filter((title) => title.startsWith('Alice'))).toEqual(hers)
  await alice.reload()
  await settled(alice)
  expect(await titles(alice)).toEqual(await titles(bob))
})

test('the page says how live it is: catching up, offline, live', async ({ alice, server }) => {
  await alice.evaluate(() => {
    const states: string[] = ((window as any).states = [])
    const status = document.querySelector('.sync [role=status]')!
    const note = () => states.push(status.textContent!.trim())
    new MutationObserver(note).observe(status, { childList: true, characterData: true, subtree: true })
  })
  await server.kill()
  await isNow(alice, 'offline')
  await server.restart()
  await settled(alice)
  const states: string[] = await alice.evaluate(() => (window as any).states)
  expect(states.slice(0, 2)).toEqual(['Catching up', 'Offline'])
  expect(states.at(-1)).toBe('Live')
})

test('a server that stops in order is not missed for long', async ({ alice, bob, server }) => {
  await server.stop()
  await addTask(alice, 'While it was away')
  await server.restart()
  await expect(title(bob, 'While it was away')).toBeVisible({ timeout: 15_000 })
  await settled(alice)
  await settled(bob)
})

test('ten edits without a network arrive when it is back', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread', 'Tea', 'Oats')
  await settled(alice)
  await alice.context().setOffline(true)
  await isNow(alice, 'offline')
  await addTask(alice, 'Eggs', 'Flour', 'Salt', 'Rice')
  await retitle(alice, 'Milk', 'Oat milk')
  await complete(alice, 'Bread')
  await title(alice, 'Oats').focus()
  await alice.keyboard.press('Alt+ArrowUp')
  await title(alice, 'Tea').focus()
  await alice.keyboard.press('Delete')
  await retitle(alice, 'Rice', 'Basmati rice')
  await retitle(alice, 'Salt', 'Sea salt')
  const expected = ['Oat milk', 'Oats', 'Eggs', 'Flour', 'Sea salt', 'Basmati rice']
  await sees(alice, ...expected)
  await expect(alice.locator('html')).toHaveAttribute('data-pending', '10')
  await expect(alice.getByRole('button', { name: /^Offline · 10 unsaved/ })).toBeVisible()
  await addTask(bob, 'Coffee')
  await alice.context().setOffline(false)
  await settled(alice)
  await expect.poll(async () => (await titles(alice)).sort()).toEqual([...expected, 'Coffee'].sort())
  await sees(bob, ...(await titles(alice)))
  await seesCompleted(bob, 'Bread')
})

test('what was not sent before a reload is sent after it', async ({ alice, bob, server }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await sees(bob, 'Milk')
  await server.kill()
  await addTask(alice, 'Bread', 'Tea')
  await retitle(alice, 'Milk', 'Oat milk')
  await complete(alice, 'Bread')
  await expect(alice.locator('html')).toHaveAttribute('data-pending', '4')
  await alice.evaluate(flushed)
  // As a tab that is closed: the page that asked does not get to send any more of it.
  await alice.goto('about:blank')
  await server.restart()
  await alice.goto(server.url)
  await sees(alice, 'Oat milk', 'Tea')
  await settled(alice)
  await sees(bob, 'Oat milk', 'Tea')
  await seesCompleted(bob, 'Bread')
  await alice.reload()
  await settled(alice)
  await sees(alice, 'Oat milk', 'Tea')
  await sees(bob, 'Oat milk', 'Tea')
})

test('a reload in the midst of sending adds nothing twice', async ({ alice, bob }) => {
  await clearTeaching(alice)
  const tasks = numbered('Task', 6)
  for (const task of tasks) {
    await addTask(alice, task)
    await alice.evaluate(flushed)
    await alice.reload({ waitUntil: 'commit' })
    await expect(alice.locator('html[data-sync]')).toBeAttached()
  }
  await settled(alice)
  await sees(alice, ...tasks)
  await sees(bob, ...tasks)
})

test('after a backup was put back, open pages send again what it lacks', async ({ alice, bob, server }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk')
  await settled(alice)
  await server.backUp()
  await settled(alice)
  await settled(bob)
  await addTask(alice, 'Bread')
  await retitle(bob, 'Milk', 'Oat milk')
  await addTask(bob, 'Tea')
  await Promise.all([settled(alice), settled(bob)])
  await sees(alice, 'Oat milk', 'Bread', 'Tea')
  await server.restore()
  await Promise.all([settled(alice), settled(bob)])
  await expect.poll(async () => (await titles(alice)).sort()).toEqual(['Bread', 'Oat milk', 'Tea'])
  await expect.poll(async () => (await titles(bob)).sort()).toEqual(['Bread', 'Oat milk', 'Tea'])
  expect(await titles(bob)).toEqual(await titles(alice))
  await alice.reload()
  await settled(alice)
  expect(await titles(alice)).toEqual(await titles(bob))
})

test('what stands in the composer survives a reload', async ({ alice }) => {
  await composer(alice).pressSequentially('Half a thou')
  await alice.reload()
  await settled(alice)
  await expect(composer(alice)).toHaveValue('Half a thou')
})

test('a page that went away without a network is live again when it comes back', async ({ alice, bob }) => {
  await alice.context().setOffline(true)
  await isNow(alice, 'offline')
  await addTask(bob, 'One', 'Two', 'Three')
  await settled(bob)
  await expect(title(alice, 'One')).toBeHidden()
  await alice.context().setOffline(false)
  await isNow(alice, 'live')
  for (const task of ['One', 'Two', 'Three']) await expect(title(alice, task)).toBeVisible()
})

/** In the page: waits until what was written to the outbox before is on disk. */
async function flushed() {
  const opened = indexedDB.open('tandem')
  await new Promise((resolve) => (opened.onsuccess = resolve))
  const write = opened.result.transaction('outbox', 'readwrite').objectStore('outbox').count()
  await new Promise((resolve) => (write.onsuccess = resolve))
  opened.result.close()
}
