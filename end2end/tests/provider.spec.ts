// Signing in through a provider that is a real one.
import { DEVICES, inspect } from '../support/axe.ts'
import { Provider } from '../support/provider.ts'
import { type Page, test as base, expect } from '../support/test.ts'
import { addTask, composer, sees, settled, signUp, PASSWORD, TEACHING } from '../support/verbs.ts'

const test = base.extend<{ provider: Provider }>({
  provider: async ({ server }, use) => {
    const provider = await Provider.start(server.url)
    await server.restart(...provider.options, '--oidc-operator-group', 'admins')
    await use(provider)
    await provider.stop()
  },
})

/** Presses the button and says at the provider who one is. */
async function signInBy(page: Page, name: string) {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Continue with Example' }).click()
  await sayWho(page, name)
}

async function sayWho(page: Page, name: string) {
  await page.getByPlaceholder('Enter any login').fill(name)
  await page.getByPlaceholder('and password').fill('anything')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('a guest signs in through the provider, keeps what they have and finds it elsewhere', async ({ provider, newcomer }) => {
  const alice = await newcomer()
  await alice.goto('/')
  await addTask(alice, 'Milk')
  await settled(alice)
  await signInBy(alice, 'alice')
  await settled(alice)
  await sees(alice, ...TEACHING, 'Milk')
  await alice.goto('/me')
  await expect(alice.getByText('You sign in as alice.')).toBeVisible()
  await expect(alice.getByRole('heading', { name: 'Alice Example' })).toBeVisible()
  const elsewhere = await newcomer()
  await elsewhere.goto('/')
  await signInBy(elsewhere, 'alice')
  await settled(elsewhere)
  await addTask(elsewhere, 'Bread')
  await alice.goto('/')
  await sees(alice, ...TEACHING, 'Milk', 'Bread')
  expect(provider.groups.size).toBe(0)
})

test('whoever is in the group runs the server', async ({ provider, newcomer }) => {
  provider.groups.set('carol', ['people', 'admins'])
  const carol = await newcomer()
  await carol.goto('/')
  await signInBy(carol, 'carol')
  await expect(composer(carol)).toBeVisible()
  await carol.goto('/admin/live')
  await expect(carol.getByRole('heading', { name: 'Server status' })).toBeVisible()
  const dave = await newcomer()
  await dave.goto('/')
  await signInBy(dave, 'dave')
  await expect(composer(dave)).toBeVisible()
  await dave.goto('/admin/live')
  await expect(dave.getByRole('textbox', { name: 'Operator code' })).toBeVisible()
})

test('who turns back at the provider is told so, and a return that is done is worth nothing', async ({ provider, newcomer }) => {
  const alice = await newcomer()
  await alice.goto('/sign-in')
  await alice.getByRole('button', { name: 'Continue with Example' }).click()
  await alice.getByRole('link', { name: '[ Cancel ]' }).click()
  await expect(alice.getByRole('alert')).toHaveText('Example did not confirm who you are, so you are not signed in.')
  const left = alice.url()
  expect(left).toContain('/sign-in/return?')
  await alice.goto(left)
  await expect(alice.getByRole('alert')).toContainText('or it is already finished')
  await alice.getByRole('button', { name: 'Continue with Example' }).click()
  await sayWho(alice, 'alice')
  await settled(alice)
  expect(provider.url).not.toBe('')
})

test('an account that has a password is signed in to through the provider, too, and no more', async ({ provider, newcomer }) => {
  const alice = await newcomer()
  await alice.goto('/')
  await signUp(alice, 'alice')
  await settled(alice)
  await alice.goto('/me')
  await alice.getByText('Add sign-in with Example').click()
  await alice.getByLabel('Your Tandem password').fill(PASSWORD)
  await alice.getByRole('button', { name: 'Continue with Example' }).click()
  await sayWho(alice, 'alice.example')
  await expect(alice.getByText('You can also sign in with Example, as alice.example.')).toBeVisible()
  const elsewhere = await newcomer()
  await elsewhere.goto('/')
  await signInBy(elsewhere, 'alice.example')
  await settled(elsewhere)
  await elsewhere.goto('/me')
  await expect(elsewhere.getByText('You sign in as alice.')).toBeVisible()
  await alice.getByRole('button', { name: 'Remove Example' }).click()
  await expect(alice.getByText('Add sign-in with Example')).toBeVisible()
  expect(provider.url).not.toBe('')
})

for (const [device, options] of Object.entries(DEVICES)) {
  test(`axe finds nothing where one signs in through a provider, on a ${device}`, async ({ provider, newcomer }) => {
    const page = await newcomer(options)
    await page.goto('/')
    await settled(page)
    await addTask(page, 'Milk')
    await settled(page)
    for (const path of ['/sign-in', '/sign-up', '/sign-in/return']) {
      await page.goto(path)
      await inspect(page, `provider${path.replaceAll('/', '-')}-${device}`, true)
    }
    // The page leads on by itself, and stands where that is called off.
    await page.route(`${provider.url}/**`, (route) => route.abort('aborted'))
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Continue with Example' }).click()
    await expect(page.getByRole('heading', { name: 'Continue to Example' })).toBeVisible()
    await inspect(page, `provider-leaving-${device}`, true)
    await page.unroute(`${provider.url}/**`)
    await signInBy(page, 'alice')
    await page.goto('/me')
    await inspect(page, `provider-me-${device}`, true)
  })
}
