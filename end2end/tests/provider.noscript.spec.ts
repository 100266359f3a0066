// Signing in through a provider, without script.
import { Provider } from '../support/provider.ts'
import { expect, test } from '../support/test.ts'

test('signing in through a provider needs no script', async ({ server, newcomer }) => {
  const provider = await Provider.start(server.url)
  await server.restart(...provider.options)
  const alice = await newcomer()
  await alice.goto('/sign-in')
  await alice.getByRole('button', { name: 'Continue with Example' }).click()
  await alice.getByPlaceholder('Enter any login').fill('alice')
  await alice.getByPlaceholder('and password').fill('anything')
  await alice.getByRole('button', { name: 'Sign-in' }).click()
  await alice.getByRole('button', { name: 'Continue' }).click()
  await expect(alice.getByRole('textbox', { name: 'Add a task' })).toBeVisible()
  await alice.goto('/me')
  await expect(alice.getByText('You sign in as alice.')).toBeVisible()
  await provider.stop()
})
