// Roles and links by forms alone.
import { expect, test } from '../support/test.ts'
import { TEACHING, check, composer, joinByCode, listPath, makeLink, openMember, sees, title } from '../support/verbs.ts'

test('a viewer sees the list and no control; made an editor they have them; revoked they are out', async ({ alice, newcomer }) => {
  const list = await listPath(alice)
  await alice.goto(`${list}/share`)
  const link = await makeLink(alice, 'Can view')
  const victor = await newcomer()
  await joinByCode(victor, link)
  await sees(victor, ...TEACHING)
  await expect(composer(victor)).toHaveCount(0)
  await expect(check(victor, TEACHING[0]!)).toBeDisabled()
  await expect(victor.getByRole('button', { name: /^More/ })).toHaveCount(0)
  await title(victor, TEACHING[0]!).click()
  await expect(victor.getByRole('heading', { level: 1 })).toHaveText(TEACHING[0]!)
  await expect(victor.getByText('No notes.')).toBeVisible()
  await expect(victor.getByRole('button')).toHaveCount(0)

  await alice.goto(`${list}/share`)
  await openMember(alice, /Viewer/)
  await alice.getByRole('button', { name: 'Editor' }).click()
  await expect(alice.getByText(/is now an editor\.$/)).toBeVisible()
  await victor.goto(list)
  await composer(victor).fill('From Victor')
  await composer(victor).press('Enter')
  await sees(victor, ...TEACHING, 'From Victor')

  // Made a viewer while they were typing: the text comes back.
  await composer(victor).fill('One more')
  await openMember(alice, /Editor/)
  await alice.getByRole('button', { name: 'Viewer' }).click()
  await expect(alice.getByText(/is now a viewer\.$/)).toBeVisible()
  await composer(victor).press('Enter')
  await expect(victor.getByRole('heading', { level: 1 })).toHaveText('You can no longer do this')
  await expect(victor.getByRole('textbox')).toHaveValue('One more')

  await alice.locator('.links summary').click()
  await alice.getByRole('button', { name: /^Revoke the link and remove/ }).click()
  await expect(alice.getByText(/^The link is revoked\. .* is no longer on the list\.$/)).toBeVisible()
  expect((await victor.goto(list))!.status()).toBe(404)
})
