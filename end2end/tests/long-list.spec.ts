// Five thousand tasks: the list opens, is live, and answers to every key.
import { ask, id } from '../support/api.ts'
import { type Page, expect, test } from '../support/test.ts'
import { clearTeaching, composer, listPath, settled, shareLink, titleField } from '../support/verbs.ts'

const COUNT = 5_000

// By style, not by role: to ask fifteen thousand buttons for their names takes longer than all that is tested here.
const rows = (page: Page) => page.locator('ul.tasks[aria-label="Tasks"] > .task')

async function join(page: Page, link: string) {
  await page.goto(link)
  await page.getByRole('button', { name: 'Join the list' }).click()
  await settled(page)
  await expect(rows(page)).toHaveCount(COUNT, { timeout: 60_000 })
}

test.use({ trace: 'off' }) // Recording five thousand rows with every step takes longer than all that is tested here.

test('a list of five thousand tasks opens, is live, and answers to keys', async ({ alice, newcomer }) => {
  test.slow()
  await clearTeaching(alice)
  const list = (await listPath(alice)).split('/').pop()
  const link = await shareLink(alice)
  await alice.goto('/me') // Nobody looks while it is filled.
  const tasks = Array.from({ length: COUNT }, (_, index) => ({ task: id(), place: 'end', title: `Task ${index + 1}` }))
  await ask(alice, ...tasks.map((task) => ({ list: [list, { add_task: task }] })))

  const began = Date.now()
  const passed = () => `${Date.now() - began} ms`
  await alice.goto(`/lists/${list}`)
  await expect(rows(alice).first()).toContainText('Task 1')
  const first = passed()
  await settled(alice)
  const live = passed()
  await expect(rows(alice)).toHaveCount(COUNT, { timeout: 60_000 })
  console.log(`${COUNT} tasks: first seen after ${first}, live after ${live}, all drawn after ${passed()}`)

  const bob = await newcomer()
  await join(bob, link)
  await rows(bob).nth(1).locator('.task-title').click()
  await titleField(bob).fill('Task two')
  await titleField(bob).press('Enter')
  await expect(rows(alice).nth(1)).toContainText('Task two')
  await rows(alice).first().locator('.task-check').click()
  await expect(rows(bob).first()).toContainText('Task two')

  // How long each key keeps the page from painting.
  await alice.bringToFront()
  await alice.evaluate(() => {
    const delays: number[] = ((window as any).delays = [])
    document.addEventListener('keydown', (event) =>
      requestAnimationFrame(() => requestAnimationFrame(() => delays.push(performance.now() - event.timeStamp))),
    )
  })
  await composer(alice).pressSequentially('The last of all')
  await composer(alice).press('Enter')
  await expect(rows(alice).last()).toContainText('The last of all')
  await expect(rows(bob).last()).toContainText('The last of all')
  const delays: number[] = await alice.evaluate(() => (window as any).delays)
  delays.sort((a, b) => a - b)
  const half = delays[delays.length >> 1]!
  console.log(`typing there: p50 ${half.toFixed(0)} ms, most ${delays.at(-1)!.toFixed(0)} ms from key to picture`)
  expect(half, 'half of all keys').toBeLessThan(200)
  await settled(alice)
})
