// Second factors in the browser: an authenticator app, recovery codes, and passkeys of Chromium's virtual authenticator.
import { DEVICES, inspect } from '../support/axe.ts'
import { code, confirmApp, firstStep, secondStep, setUpApp } from '../support/codes.ts'
import { type Page, expect, test } from '../support/test.ts'
import { PASSWORD, addTask, sees, settled, signUp, TEACHING } from '../support/verbs.ts'

/** A device that keeps passkeys and asks for its person, who is the right one; the same again elsewhere from what it holds. */
async function authenticator(page: Page, isUserVerified = true) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified,
      automaticPresenceSimulation: true,
    },
  })
  return {
    keys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    give: async (credential: object) => cdp.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never }),
    forget: async () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
    recognise: async (isUserVerified: boolean) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  }
}

const alert = (page: Page) => page.locator('[data-passkey] [role="alert"]')

async function addPasskey(page: Page, name: string) {
  await page.goto('/me/passkeys')
  await page.getByRole('textbox', { name: 'Passkey name' }).last().fill(name)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
}

test('a passkey is added, signs in without a name, and is removed', async ({ alice, newcomer }) => {
  await addTask(alice, 'Milk')
  await settled(alice)
  await signUp(alice, 'alice')
  const phone = await authenticator(alice)
  await addPasskey(alice, 'My phone')
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Recovery codes')
  await expect(alice.locator('.codes code')).toHaveCount(10)
  const [key] = await phone.keys()
  expect(key).toMatchObject({ isResidentCredential: true, rpId: 'localhost' })
  await addPasskey(alice, 'My phone again')
  await expect(alert(alice)).toHaveText('This device already has a passkey for your account.')

  const elsewhere = await newcomer()
  const device = await authenticator(elsewhere)
  await elsewhere.goto('/sign-in')
  await elsewhere.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(alert(elsewhere)).toHaveText('This was cancelled or took too long. Nothing was changed.')
  await device.give(key!)
  await elsewhere.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await settled(elsewhere)
  await sees(elsewhere, ...TEACHING, 'Milk')
  await elsewhere.goto('/me')
  await expect(elsewhere.getByText('signed in with a passkey')).toBeVisible()
  // The first device has counted less since: there are two of this passkey, and the one that is behind is not let in.
  const third = await newcomer()
  const copy = await authenticator(third)
  await copy.give(key!)
  await third.goto('/sign-in')
  await third.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(alert(third)).toContainText('may have been copied')

  await alice.goto('/me/passkeys')
  await alice.locator('.links summary').click()
  await alice.getByRole('button', { name: 'Remove passkey' }).click()
  await expect(alice.getByRole('status')).toContainText('The passkey is removed')
  await expect(alice.getByRole('button', { name: 'Sign out everywhere else' })).toBeVisible()
  await elsewhere.goto('/me')
  await elsewhere.getByRole('button', { name: 'Sign out', exact: true }).click()
  await elsewhere.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(alert(elsewhere)).toContainText('This passkey is not known here')
})

test('a guest makes an account with a passkey alone, and comes back with a recovery code when it is lost', async ({ alice, newcomer }) => {
  await addTask(alice, 'Milk')
  await settled(alice)
  const device = await authenticator(alice)
  await alice.goto('/sign-up')
  await alice.getByRole('button', { name: 'Use a passkey instead' }).click()
  await expect(alert(alice)).toHaveText('Please choose a sign-in name.')
  await alice.getByRole('textbox', { name: 'Name or e-mail address' }).fill('alice')
  await alice.getByRole('button', { name: 'Use a passkey instead' }).click()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Recovery codes')
  const codes = await alice.locator('.codes code').allTextContents()
  await alice.goto('/me')
  await expect(alice.getByRole('link', { name: 'Set a password' })).toBeVisible()
  await alice.goto('/me/passkeys')
  await alice.locator('.links summary').click()
  await alice.getByRole('button', { name: 'Remove passkey' }).click()
  await expect(alice.getByRole('alert').first()).toContainText('This is your only way to sign in')
  await device.forget()

  const elsewhere = await newcomer()
  await elsewhere.goto('/sign-in')
  await elsewhere.getByRole('textbox', { name: 'Name or e-mail address' }).fill('alice')
  await elsewhere.getByLabel('Password').fill(codes[3]!)
  await elsewhere.getByRole('button', { name: 'Sign in', exact: true }).click()
  await settled(elsewhere)
  await sees(elsewhere, ...TEACHING, 'Milk')
  await elsewhere.goto('/me/password')
  await expect(elsewhere.getByLabel('Current password')).toHaveCount(0)
  await elsewhere.getByLabel('New password').fill(PASSWORD)
  await elsewhere.getByRole('button', { name: 'Save password' }).click()
  await expect(elsewhere.getByRole('link', { name: 'Change the password' })).toBeVisible()
})

test('a device that does not ask who is there makes no passkey and signs nobody in', async ({ alice }) => {
  await signUp(alice, 'alice')
  const device = await authenticator(alice)
  await addPasskey(alice, 'Mine')
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Recovery codes')
  await device.recognise(false)
  await alice.goto('/me')
  await alice.getByRole('button', { name: 'Sign out', exact: true }).click()
  await alice.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(alert(alice)).toHaveText('This was cancelled or took too long. Nothing was changed.')
  await device.recognise(true)
  await alice.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await settled(alice)
})

test('the code of an app is asked for after the password and a passkey asks for none', async ({ alice, newcomer, server }) => {
  await signUp(alice, 'alice')
  const { secret, codes } = await setUpApp(alice)
  const elsewhere = await newcomer()
  await elsewhere.goto('/')
  await settled(elsewhere)
  await addTask(elsewhere, 'Rope')
  await settled(elsewhere)
  await firstStep(elsewhere, 'alice')
  await expect(elsewhere.getByRole('textbox', { name: 'Code' })).toBeFocused()
  await secondStep(elsewhere, code(secret, 1))
  await settled(elsewhere)
  await expect(elsewhere.getByRole('navigation').getByRole('link', { name: /My list/ })).toHaveCount(2)
  const device = await authenticator(elsewhere)
  await addPasskey(elsewhere, 'Laptop')
  await expect(elsewhere.getByRole('status')).toContainText('The passkey is added')
  expect(await device.keys()).toHaveLength(1)
  await elsewhere.goto('/me')
  await elsewhere.getByRole('button', { name: 'Sign out', exact: true }).click()
  await elsewhere.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await settled(elsewhere)
  for (const secret of codes) expect(server.log).not.toContain(secret)
  expect(server.log).not.toContain(secret)
})

test('what guards an account is reached and done by the keyboard alone', async ({ alice }) => {
  await signUp(alice, 'alice')
  await authenticator(alice)
  await alice.goto('/me')
  await alice.getByRole('link', { name: 'Add a passkey' }).focus()
  await alice.keyboard.press('Enter')
  await alice.getByRole('textbox', { name: 'Passkey name' }).focus()
  await alice.keyboard.press('Tab')
  await expect(alice.getByRole('button', { name: 'Add a passkey' })).toBeFocused()
  await alice.keyboard.press('Enter')
  await expect(alice.locator('.codes code')).toHaveCount(10)
})

for (const [device, options] of Object.entries(DEVICES)) {
  test(`axe finds nothing where one proves who one is, on a ${device}`, async ({ newcomer }) => {
    const page = await newcomer(options)
    await signUp(page, 'alice')
    const look = async (path: string, name: string) => {
      await page.goto(path)
      await inspect(page, `${name}-${device}`, true)
    }
    await look('/me/second-factor', 'second-factor-off')
    await look('/me/recovery-codes', 'recovery-none')
    await page.goto('/me/second-factor')
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
    await inspect(page, `second-factor-setup-${device}`, true)
    await page.getByRole('textbox', { name: 'Six-digit code' }).fill('12345')
    await page.getByRole('button', { name: 'Turn on' }).click()
    await expect(page.getByText('This code is wrong')).toBeVisible()
    await inspect(page, `second-factor-refused-${device}`, true)
    await confirmApp(page)
    await inspect(page, `recovery-made-${device}`, true)
    await page.emulateMedia({ media: 'print' })
    await page.screenshot({ path: `artefacts/recovery-print-${device}.png`, fullPage: true })
    await page.emulateMedia({ media: 'screen' })
    await look('/me/recovery-codes', 'recovery-left')
    await look('/me/second-factor', 'second-factor-on')
    await look('/me/passkeys', 'passkeys-none')
    await authenticator(page)
    await addPasskey(page, 'My phone')
    await expect(page.getByRole('status')).toContainText('The passkey is added')
    await page.locator('.links summary').click()
    await inspect(page, `passkeys-${device}`, true)
    await look('/me', 'me-factors')
    await look('/me/prove?next=/me/passkeys', 'prove')
    await page.getByLabel('Your password').fill('wrong')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('alert').first()).toContainText('This is not your password')
    await inspect(page, `prove-refused-${device}`, true)
    const other = await newcomer(options)
    await firstStep(other, 'alice')
    await inspect(other, `second-step-${device}`, true)
    await secondStep(other, '12345')
    await expect(other.getByRole('alert')).toContainText('This code is wrong')
    await inspect(other, `second-step-refused-${device}`, true)
  })
}

test('where the script of passkeys does not come there is no button that does nothing', async ({ newcomer }) => {
  const page = await newcomer({ serviceWorkers: 'block' })
  await page.route('**/passkey.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.route('**/me.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.goto('/sign-in')
  await expect(page.getByText('Passkeys need JavaScript, which is off or did not load.')).toBeVisible()
  await expect(page.getByRole('button', { name: /passkey/i })).toBeHidden()
  await page.goto('/me')
  await expect(page.getByRole('switch', { name: 'Notify me on this desktop' })).toBeHidden()
  await page.unroute('**/passkey.js')
  await page.unroute('**/me.js')
  await page.reload()
  await expect(page.getByRole('switch', { name: 'Notify me on this desktop' })).toBeVisible()
  await page.goto('/sign-in')
  await expect(page.getByRole('button', { name: /passkey/i })).toBeVisible()
  await expect(page.getByText('Passkeys need JavaScript')).toBeHidden()
})
