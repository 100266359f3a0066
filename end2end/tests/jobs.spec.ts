// Long jobs as the person sees them: a bar in every page of theirs, over reloads, and then what came of it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Page, expect, test } from '../support/test.ts'
import type { Server } from '../support/server.ts'
import { addTask, clearList, clearTeaching, sees, settled } from '../support/verbs.ts'

const notices = (page: Page) => page.getByRole('region', { name: 'Notices' })
const bar = (page: Page) => notices(page).getByRole('progressbar')

/** Holds the database as a backup does: who writes waits, and gives up after five seconds. Gives what lets go of it. */
async function hold(server: Server) {
  const script = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute("begin immediate"); print("held", flush=True); sys.stdin.read()'
  const holder = spawn('python3', ['-c', script, join(server.folder, 'tandem.db')], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  return async () => {
    holder.stdin.end()
    await once(holder, 'exit')
  }
}

/** Something of one's own that is on disk: opening the share page of a newcomer's list would write, and wait as well. */
async function begin(page: Page) {
  await clearTeaching(page)
  await addTask(page, 'Milk', 'Bread')
  await settled(page)
}

test('an export is followed on the page that it was asked on, and is there to be had on every other', async ({ alice }) => {
  await alice.goto('/me')
  await alice.getByRole('button', { name: 'Export my data' }).click()
  const link = notices(alice).getByRole('link', { name: 'Download' })
  await expect(notices(alice)).toContainText('Your data is ready. Lists: 1, tasks: 3.')
  await expect(alice).toHaveURL(/\/me$/)
  const download = alice.waitForEvent('download')
  await link.click()
  expect((await download).suggestedFilename()).toBe('tandem.json')
  await alice.reload()
  await expect(link, 'a reload does not lose it').toBeVisible()
  await alice.goto('/')
  await expect(link, 'the list shows it, too').toBeVisible()
  const tab = await alice.context().newPage()
  await tab.goto('/')
  await expect(notices(tab).getByRole('link', { name: 'Download' })).toBeVisible()
  const forgotten = alice.waitForResponse(/forget_job/)
  await notices(alice).getByRole('button', { name: 'Dismiss' }).click()
  await forgotten
  await expect(link).toHaveCount(0)
  await expect(notices(tab).getByRole('link', { name: 'Download' }), 'nor do other tabs any more').toHaveCount(0)
  await alice.reload()
  await settled(alice)
  await expect(link).toHaveCount(0)
  await alice.goto('/me')
  await expect(alice.getByRole('button', { name: 'Export my data' })).toBeVisible()
  await expect(link).toHaveCount(0)
})

test('a list is cleared under a bar that outlives a reload, and the others have their lists in peace', async ({ alice, bob, server }) => {
  await begin(alice)
  await sees(bob, 'Milk', 'Bread')
  const letGo = await hold(server)
  await clearList(alice)
  await expect(bar(alice)).toHaveAccessibleName('Clearing “My list”')
  await alice.reload()
  await expect(bar(alice), 'after a reload it is there again').toHaveAccessibleName('Clearing “My list”')
  await letGo()
  await expect(notices(alice)).toContainText('Cleared 2 tasks from “My list”. They are in the trash.')
  await expect(bar(alice)).toHaveCount(0)
  await sees(bob)
  await expect(notices(bob)).not.toContainText('Clear')
})

test('a job that came to nothing says why, and stays until it is dismissed', async ({ alice, server }) => {
  await begin(alice)
  const letGo = await hold(server)
  await clearList(alice)
  await expect(notices(alice)).toContainText('The server is busy. Please try again.')
  await letGo()
  await alice.reload()
  await expect(notices(alice)).toContainText('The server is busy. Please try again.')
  await notices(alice).getByRole('button', { name: 'Dismiss' }).press('Escape')
  await expect(notices(alice)).not.toContainText('busy')
})

test('a job that a restart of the server ended says so', async ({ alice, server }) => {
  await begin(alice)
  const letGo = await hold(server)
  await clearList(alice)
  await expect(bar(alice)).toBeVisible()
  await server.kill()
  await letGo()
  await server.restart()
  await expect(notices(alice)).toContainText('The server restarted before this was finished.')
  await expect(bar(alice)).toHaveCount(0)
})
