// Files of other programs become lists: sent, looked at, and imported, without script.
import { expect, test } from '../support/test.ts'
import { row, title } from '../support/verbs.ts'

const TODOIST = `TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE
section,Packing,,,,,,,,
task,Tent @camping,Both bags,1,1,,Bob,2031-03-01,en,UTC
task,Gas,,4,2,,,every friday,en,UTC
`

test('a file is looked at before it is imported, and its list is there', async ({ alice }) => {
  await alice.goto('/me')
  await alice.getByRole('link', { name: 'Import' }).click()
  await alice.getByRole('button', { name: 'Continue' }).click()
  await alice.getByLabel('File').setInputFiles({ name: 'Camping.csv', mimeType: 'text/csv', buffer: Buffer.from(TODOIST) })
  await alice.getByRole('button', { name: 'Continue' }).click()
  await expect(alice.getByText('Read as a project from Todoist.')).toBeVisible()
  await expect(alice.getByText('2 tasks will come, one of them as a subtask.')).toBeVisible()
  await expect(alice.getByText('Its people are in the notes: tasks have no assignees here.')).toBeVisible()
  await alice.getByRole('button', { name: 'Import' }).click()
  await expect(alice.getByText('Imported 2 tasks in one list.')).toBeVisible()
  await alice.getByRole('link', { name: 'Back to my lists' }).click()
  await alice.getByRole('link', { name: /^Camping/ }).click()
  await expect(row(alice, 'Tent').getByRole('img', { name: '0 of 1 subtasks done' })).toBeVisible()
  await expect(row(alice, 'Gas').getByRole('img', { name: /^Due .*, repeats$/ })).toBeVisible()
  await expect(row(alice, 'Tent').getByRole('img', { name: /^Due/ })).toHaveText('1 Mar 2031')
  await expect(row(alice, 'Tent').getByRole('list', { name: 'Labels' })).toHaveText('camping')
  await title(alice, 'Tent').click()
  await expect(alice.getByLabel('Notes')).toHaveValue(/Both bags[^]*Bob/)
})

test('the columns of any other table are chosen, and a file that is none gets a sentence', async ({ alice }) => {
  await alice.goto('/import')
  await alice.getByLabel('File').setInputFiles({ name: 'a.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004....') })
  await alice.getByRole('button', { name: 'Continue' }).click()
  await expect(alice.getByRole('alert')).toContainText('unpack it first')
  await alice.getByRole('link', { name: 'Choose another file' }).click()
  const table = 'What,When,Who\nCall the bank,2031-05-06,Bob\nBuy bread,,\n'
  await alice.getByLabel('File').setInputFiles({ name: 'things.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
  await alice.getByRole('button', { name: 'Continue' }).click()
  await alice.getByLabel('The first row has the names of the columns').check()
  await alice.getByLabel('What', { exact: true }).selectOption('Title')
  await alice.getByLabel('When', { exact: true }).selectOption('Due date')
  await alice.getByLabel('Who', { exact: true }).selectOption('Keep in the notes')
  await alice.getByRole('button', { name: 'Read it again' }).click()
  await expect(alice.getByLabel('When', { exact: true })).toHaveValue('due')
  await alice.getByRole('button', { name: 'Import' }).click()
  await expect(alice.getByText('Imported 2 tasks in one list.')).toBeVisible()
})
