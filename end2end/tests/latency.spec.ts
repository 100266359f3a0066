// How long it takes from a key at one person to the picture at another, both in browsers on this machine. It is printed,
// not judged: a machine that builds something else at the same time says nothing about Tandem.
import { expect, test } from '../support/test.ts'
import { clearTeaching, composer, settled, titles } from '../support/verbs.ts'

// What is measured is not to be recorded too.
test.use({ trace: 'off' })

const TASKS = 200

declare global {
  interface Window {
    pressed: Record<string, number>
    painted: Record<string, number>
  }
}

test('from the key at one person to the picture at another', async ({ alice, bob }) => {
  await clearTeaching(alice)
  await alice.evaluate(() => {
    window.pressed = {}
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') window.pressed[(event.target as HTMLInputElement).value] = performance.timeOrigin + event.timeStamp
    }, { capture: true })
  })
  // Only a page in sight paints.
  await bob.bringToFront()
  await bob.evaluate(() => {
    window.painted = {}
    new MutationObserver(() => {
      const seen = [...document.querySelectorAll('.task-title')].map((title) => title.textContent!)
      // What is posted while a frame is prepared comes when it has been drawn.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          const now = performance.timeOrigin + performance.now()
          for (const title of seen) window.painted[title] ??= now
        }
        port2.postMessage(null)
      })
    }).observe(document.querySelector('main')!, { childList: true, subtree: true })
  })
  for (let number = 1; number <= TASKS; number++) {
    await composer(alice).fill(`Task ${number}`)
    await composer(alice).press('Enter')
    await expect.poll(() => bob.evaluate((title) => title in window.painted, `Task ${number}`), { intervals: [5] }).toBe(true)
  }
  await settled(alice)
  const [pressed, painted] = [await alice.evaluate(() => window.pressed), await bob.evaluate(() => window.painted)]
  const took = Object.keys(pressed).map((title) => painted[title]! - pressed[title]!).sort((a, b) => a - b)
  expect(took).toHaveLength(TASKS)
  expect(await titles(bob)).toEqual(await titles(alice))
  const at = (share: number) => `${took[Math.min(TASKS - 1, Math.floor(TASKS * share))]!.toFixed(1)} ms`
  const sentence = `from key to picture over ${TASKS} tasks: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(1)}`
  console.log(sentence)
  test.info().annotations.push({ type: 'latency', description: sentence })
})
