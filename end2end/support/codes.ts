// An authenticator app of paper (RFC 6238), and what people do with their codes.
import { createHmac } from 'node:crypto'
import { type Page, expect } from '@playwright/test'
import { PASSWORD } from './verbs.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The code that an app with this secret shows in so many half minutes from now. */
export function code(secret: string, steps = 0) {
  const bits = [...secret].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = digest[19]! & 15
  return ((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0')
}

/** Sets up an authenticator app; its secret, and the recovery codes that are shown. */
export async function setUpApp(page: Page) {
  await page.goto('/me/second-factor')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  return confirmApp(page)
}

/** Confirms the app that is being set up; its secret, and the recovery codes that are shown. */
export async function confirmApp(page: Page) {
  const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
  await page.getByRole('textbox', { name: 'Six-digit code' }).fill(code(secret))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Recovery codes')
  const codes = await page.locator('.codes code').allTextContents()
  expect(codes).toHaveLength(10)
  return { secret, codes }
}

/** Gives name and password, after which a code is asked for. */
export async function firstStep(page: Page, name: string) {
  await page.goto('/sign-in')
  await page.getByRole('textbox', { name: 'Name or e-mail address' }).fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code')
}

/** Gives the code. */
export async function secondStep(page: Page, code: string) {
  await page.getByRole('textbox', { name: 'Code' }).fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
