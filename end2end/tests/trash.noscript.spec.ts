// The trash by forms alone.
import { expect, test } from '../support/test.ts'
import { TEACHING, listPath, sees, title, titles } from '../support/verbs.ts'

test('without script one task is put back from the trash, and then all of a list that was cleared', async ({ alice }) => {
  const list = await listPath(alice)
  await title(alice, TEACHING[1]!).click()
  await alice.getByRole('button', { name: 'Delete' }).click()
  await sees(alice, TEACHING[0]!, TEACHING[2]!)
  await alice.goto(`${list}/share`)
  await alice.getByRole('link', { name: 'Open the trash' }).click()
  await expect(alice.getByRole('heading', { level: 1 })).toHaveText('Trash of “My list”')
  const trashed = alice.getByRole('listitem')
  await expect(trashed).toHaveText([new RegExp(`^${TEACHING[1]}\\s*Deleted by .+, just now\\s*Restore$`)])
  await alice.getByRole('button', { name: `Restore “${TEACHING[1]}”`, exact: true }).click()
  await expect(alice).toHaveURL(new RegExp(`${list}$`))
  await sees(alice, ...TEACHING)

  await alice.goto(`${list}/share`)
  await alice.getByText('Clear the list').click()
  await alice.getByRole('button', { name: 'Move all tasks to the trash' }).click()
  const shown = async () => {
    await alice.goto(list)
    return titles(alice)
  }
  await expect.poll(shown).toEqual([])
  await alice.goto(`${list}/trash`)
  await expect(trashed).toHaveCount(TEACHING.length)
  await alice.getByRole('button', { name: 'Restore everything' }).click()
  await expect.poll(shown).toEqual(TEACHING)
  await alice.goto(`${list}/trash`)
  await expect(alice.getByText('The trash is empty.')).toBeVisible()
})
