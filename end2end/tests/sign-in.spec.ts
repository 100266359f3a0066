// Somebody keeps what they have as a guest, finds it elsewhere, and says where they are signed in.
import { DEVICES, inspect } from '../support/axe.ts'
import { type Page, expect, test } from '../support/test.ts'
import { PASSWORD, addTask, sees, settled, signIn, signUp, TEACHING } from '../support/verbs.ts'

test('a guest becomes an account, signs in elsewhere and sees the same list live', async ({ alice, newcomer }) => {
  await addTask(alice, 'Milk')
  await settled(alice)
  await signUp(alice, 'alice@example.org')
  await settled(alice)
  await sees(alice, ...TEACHING, 'Milk')
  const elsewhere = await newcomer()
  await signIn(elsewhere, 'Alice@Example.org')
  await settled(elsewhere)
  await sees(elsewhere, ...TEACHING, 'Milk')
  await addTask(elsewhere, 'Bread')
  await sees(alice, ...TEACHING, 'Milk', 'Bread')
})

test('pages that were open go on when their guest becomes an account', async ({ alice }) => {
  const tab = await alice.context().newPage()
  await tab.goto('/')
  await settled(tab)
  await signUp(alice, 'alice')
  await settled(alice)
  await addTask(alice, 'Milk')
  await sees(tab, ...TEACHING, 'Milk')
  await addTask(tab, 'Bread')
  await sees(alice, ...TEACHING, 'Milk', 'Bread')
  await settled(tab)
})

test('whoever signs in elsewhere is signed out from here within a second, and what they type stays', async ({ alice, newcomer }) => {
  await signUp(alice, 'alice')
  const phone = await newcomer(DEVICES.phone)
  await signIn(phone, 'alice')
  await settled(phone)
  await phone.getByRole('textbox', { name: 'Add a task' }).fill('Half a thought')
  await alice.goto('/me')
  await alice.getByRole('button', { name: /^Sign out Chrome/ }).click()
  const began = Date.now()
  await expect(phone.getByText('Your session has ended')).toBeVisible()
  expect(Date.now() - began).toBeLessThan(1000)
  await expect(phone.getByRole('textbox', { name: 'Add a task' })).toHaveValue('Half a thought')
  await expect(alice.getByRole('button', { name: /^Sign out Chrome/ })).toBeHidden()
})

test('a wrong name and a wrong password are answered alike', async ({ alice, newcomer }) => {
  await signUp(alice, 'alice')
  const stranger = await newcomer()
  for (const name of ['alice', 'nobody']) {
    await stranger.goto('/sign-in')
    await stranger.getByRole('textbox', { name: 'Name or e-mail address' }).fill(name)
    await stranger.getByLabel('Password').fill('not the right one')
    await stranger.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(stranger.getByRole('alert')).toHaveText('This name and this password do not match. Please try again.')
    await expect(stranger.getByRole('textbox', { name: 'Name or e-mail address' })).toHaveValue(name)
    await expect(stranger.getByLabel('Password')).toHaveValue('')
  }
})

test('signing out warns while something is not saved', async ({ alice, server }) => {
  await signUp(alice, 'alice')
  await settled(alice)
  await alice.goto('/me')
  await alice.context().route('**/fn/push', (route) => route.abort())
  const tab = await alice.context().newPage()
  await tab.goto('/')
  await addTask(tab, 'Not saved')
  // It is on the disk of the browser, from where the page knows of it.
  await expect.poll(() => alice.evaluate(() => import('/unsent.js' as string).then(({ unsent }) => unsent()))).toBe(true)
  await alice.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(alice.getByRole('alert')).toContainText('not saved yet')
  await alice.context().unroute('**/fn/push')
  await settled(tab)
  await tab.close()
  await alice.reload()
  await alice.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(alice.getByRole('status')).toHaveText('You have signed out.')
  expect(server.log).not.toContain(PASSWORD)
})

for (const [device, options] of Object.entries(DEVICES)) {
  test(`axe finds nothing where one signs in, on a ${device}`, async ({ newcomer }) => {
    const page = await newcomer(options)
    await page.goto('/')
    await settled(page)
    await addTask(page, 'Milk')
    await settled(page)
    await look(page, '/me', `me-guest-${device}`)
    await look(page, '/sign-up', `sign-up-${device}`)
    await page.getByRole('textbox', { name: 'Name or e-mail address' }).fill('a lice')
    await page.getByLabel('Password').fill('password1')
    await page.getByRole('button', { name: 'Create account' }).click()
    await inspect(page, `sign-up-refused-${device}`, true)
    await look(page, '/sign-in', `sign-in-guest-${device}`)
  })

  test(`axe finds nothing where one has an account, on a ${device}`, async ({ newcomer }) => {
    const page = await newcomer(options)
    await signUp(page, 'alice')
    await look(page, '/me', `me-account-${device}`)
    await look(page, '/me/password', `password-${device}`)
    await page.getByLabel('Current password').fill('wrong')
    await page.getByLabel('New password').fill('another good one')
    await page.getByRole('button', { name: 'Save password' }).click()
    await inspect(page, `password-refused-${device}`, true)
    await look(page, '/sign-in?over=1', `sign-in-over-${device}`)
  })
}

async function look(page: Page, path: string, name: string) {
  await page.goto(path)
  await inspect(page, name, true)
}
