// Asks the server as the page's script does, but without the page: for what would take long by hand.
import { randomUUID } from 'node:crypto'
import { type Page, expect } from '@playwright/test'

type Event = { id: string; event: 'hello' | 'change' | 'heartbeat' | 'reset'; data: any }

/** A new id, for a task or for a page of its own. */
export const id = () => randomUUID()

/** The events after a cursor, as of now. */
export async function changes(page: Page, since: string): Promise<Event[]> {
  const answer = await page.request.get(new URL('/changes', page.url()).href, { params: { since } })
  expect(answer.status()).toBe(200)
  return answer.json()
}

/** What the stream begins with: who the person of that page is, and their lists. */
export async function hello(page: Page) {
  const cookie = (await page.context().cookies(page.url())).map(({ name, value }) => `${name}=${value}`).join('; ')
  const enough = new AbortController()
  const answer = await fetch(new URL('/events', page.url()), { headers: { cookie }, signal: enough.signal })
  let text = ''
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece
    const data = /^event: ?hello\ndata: ?(.*)$/m.exec(text)?.[1]
    if (data && text.includes('\n\n', text.indexOf(data))) {
      enough.abort()
      return JSON.parse(data)
    }
  }
  throw new Error(`The stream did not begin with a hello:\n${text}`)
}

/** Sends commands as the person of that page, a hundred at a time, as a page that nobody sees. */
export async function ask(page: Page, ...commands: object[]) {
  const { account, epoch } = await hello(page)
  const about = { person: account.person, epoch, client: id() }
  const numbered = commands.map((command, index) => ({ command_seq: index + 1, command }))
  for (let at = 0; at < numbered.length; at += 100) {
    const push = { ...about, commands: numbered.slice(at, at + 100) }
    const answer = await page.request.post(new URL('/fn/push', page.url()).href, { data: { push } })
    expect(answer.status(), await answer.text()).toBe(200)
    for (const { outcome } of (await answer.json()).answered.answers) expect(outcome).toHaveProperty('done')
  }
}
