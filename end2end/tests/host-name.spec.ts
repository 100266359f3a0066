// A server in one's own network has a name and no certificate: not a secure context, so no clipboard, no Web Locks, no
// crypto.randomUUID. All of it must still be live.
import { expect, test } from '../support/test.ts'
import { addTask, complete, composer, makeLink, sees, settled, shareLink, title, TEACHING } from '../support/verbs.ts'

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP tandem.test 127.0.0.1'] }),
})

test('two people over plain HTTP under a host name', async ({ newcomer, server }) => {
  const address = `http://tandem.test:${server.port}`
  const alice = await newcomer()
  await alice.goto(address)
  await settled(alice)
  expect(await alice.evaluate(() => isSecureContext)).toBe(false)
  const link = await shareLink(alice)
  expect(link).toMatch(new RegExp(`^${address}/join#`))
  const bob = await newcomer()
  await bob.goto(link)
  await bob.getByRole('button', { name: 'Join the list' }).click()
  await settled(bob)
  await addTask(alice, 'Milk')
  await sees(bob, ...TEACHING, 'Milk')
  await complete(bob, 'Milk')
  await sees(alice, ...TEACHING)

  // A share link can be copied all the same.
  await alice.getByRole('link', { name: 'Share', exact: true }).click()
  const another = await makeLink(alice)
  await alice.getByRole('button', { name: 'Copy link' }).click()
  await expect(alice.getByRole('button', { name: 'Copied' })).toBeVisible()
  await alice.getByRole('link', { name: 'Back to the list' }).click()
  await composer(alice).focus()
  await alice.keyboard.press('Control+v')
  await expect(composer(alice)).toHaveValue(another)
})

test('what could not be sent survives a reload there too', async ({ newcomer, server }) => {
  const alice = await newcomer()
  await alice.goto(`http://tandem.test:${server.port}`)
  await settled(alice)
  await server.kill()
  await addTask(alice, 'Milk')
  await expect(alice.locator('html')).toHaveAttribute('data-pending', '1')
  await expect(title(alice, 'Milk')).toBeVisible()
  await expect.poll(() => alice.evaluate(stored)).toBe(1)
  await alice.goto('about:blank')
  await server.restart()
  await alice.goto(`http://tandem.test:${server.port}`)
  await sees(alice, ...TEACHING, 'Milk')
  await settled(alice)
})

/** In the page: how many commands the outbox holds. */
async function stored() {
  const opened = indexedDB.open('tandem')
  await new Promise((resolve) => (opened.onsuccess = resolve))
  const count = opened.result.transaction('outbox').objectStore('outbox').count()
  await new Promise((resolve) => (count.onsuccess = resolve))
  opened.result.close()
  return count.result
}
