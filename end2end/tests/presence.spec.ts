// Who else is there: on the list, on a row, typing; and gone as soon as they are gone.
import type { Page } from '@playwright/test'
import { expect, test } from '../support/test.ts'
import { addTask, clearTeaching, composer, row, sees, settled, title, titleField } from '../support/verbs.ts'

const here = (page: Page) => page.locator('.members [data-here]')

test.beforeEach(async ({ alice, bob }) => {
  await clearTeaching(alice)
  await addTask(alice, 'Milk', 'Bread')
  await sees(bob, 'Milk', 'Bread')
})

test('each sees that the other has the list open, and oneself not', async ({ alice, bob }) => {
  for (const page of [alice, bob]) {
    await expect(here(page)).toHaveCount(1)
    await expect(here(page)).toHaveAccessibleName(/, here now$/)
  }
})

test('one who closes the page is gone within two seconds', async ({ alice, bob }) => {
  await expect(here(alice)).toHaveCount(1)
  await bob.close({ runBeforeUnload: false })
  await expect(here(alice)).toHaveCount(0, { timeout: 2_000 })
})

test('the row that one is on, and that one types there', async ({ alice, bob }) => {
  await expect(here(alice)).toHaveCount(1)
  await title(bob, 'Milk').focus()
  await expect(row(alice, 'Milk')).toHaveAttribute('data-other', 'here')
  await title(bob, 'Milk').click()
  await titleField(bob).pressSequentially(' and more')
  await expect(row(alice, 'Milk')).toContainText(/is typing…$/)
  await titleField(bob).press('Escape')
  await composer(bob).focus()
  await expect(row(alice, 'Milk')).not.toHaveAttribute('data-other', 'here')
  await composer(bob).pressSequentially('Te')
  await expect(alice.locator('.typing')).toHaveText(/is typing…$/)
  await expect(alice.locator('.typing'), 'soon after the last key no more').toHaveText('')
})

test('nobody speaks to an empty room', async ({ alice, bob, newcomer }) => {
  await bob.close()
  const alone = await newcomer()
  const beats: string[] = []
  for (const page of [alone, alice]) {
    page.on('request', (request) => request.url().endsWith('/presence') && beats.push(request.postData() ?? ''))
  }
  await expect(here(alice)).toHaveCount(0)
  beats.length = 0
  await alone.goto('/')
  await settled(alone)
  await composer(alice).pressSequentially('Tea')
  await composer(alone).pressSequentially('Tea')
  // Long enough for two beats if there were any: what is shown is the server's own clock of another list.
  await alice.waitForFunction((began) => performance.now() > began + 11_000, await alice.evaluate(() => performance.now()))
  expect(beats).toEqual([])
})

test('a page that is put out of sight is gone, and back when it is seen again', async ({ alice, bob }) => {
  await expect(here(alice)).toHaveCount(1)
  await bob.goto('/me')
  await expect(here(alice)).toHaveCount(0)
  await bob.goBack()
  await settled(bob)
  await expect(here(alice)).toHaveCount(1)
  await expect(here(bob)).toHaveCount(1)
})
