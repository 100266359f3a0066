// Stock WebKit, by its own driver and plain WebDriver: WebKitGTK's small browser, on a display that nobody sees.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { type Screen, keptAddresses } from './screen.ts'

/** How WebDriver writes the keys that are no letters. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C' }

/** How long the driver looks for an element that it is to click or type into, in milliseconds. */
const PATIENCE = 15_000

/** A driver with one browser, as of somebody who was never here before. */
export class WebKit {
  readonly #processes: ChildProcess[] = []
  #address = ''
  /** One thing at a time: each is said of the window that was chosen last. */
  #last: Promise<unknown> = Promise.resolve()

  static async start(program: string) {
    const webkit = new WebKit()
    // The first free display, whose number it writes when it is there.
    const display = webkit.#run('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {}, 'pipe')
    const lines = createInterface({ input: display.stdio[3] as NodeJS.ReadableStream })
    const [number] = await Promise.race([once(lines, 'line'), once(display, 'exit').then(() => webkit.#mustRun())]) as [string]
    const port = await freePort()
    webkit.#run(program, [`--port=${port}`], { DISPLAY: `:${number}`, GDK_BACKEND: 'x11' })
    const driver = `http://127.0.0.1:${port}`
    while (!(await fetch(`${driver}/status`).then(({ ok }) => ok, () => false))) webkit.#mustRun()
    webkit.#address = driver
    const { sessionId } = await webkit.#ask('POST', '/session', { capabilities: { alwaysMatch: { timeouts: { implicit: PATIENCE } } } })
    webkit.#address = `${driver}/session/${sessionId}`
    return webkit
  }

  /** The window that it begins with. */
  async screen() {
    return this.#screen(await this.#ask('GET', '/window'))
  }

  async stop() {
    await this.#ask('DELETE', '').catch(() => {})
    for (const process of this.#processes) process.kill()
  }

  #run(program: string, options: string[], env: NodeJS.ProcessEnv, extra?: 'pipe') {
    const child = spawn(program, options, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'ignore', extra ?? 'ignore'] })
    // What does not start is told by who waits for it, and what is left over ends with the tests.
    child.on('error', () => {})
    process.once('exit', () => child.kill())
    this.#processes.push(child)
    return child
  }

  /** Says who of them did not start. */
  #mustRun() {
    const ended = this.#processes.find(({ pid, exitCode }) => pid === undefined || exitCode !== null)
    if (ended) throw new Error(`${ended.spawnfile} did not start`)
  }

  async #ask(method: 'GET' | 'POST' | 'DELETE', path: string, said?: object): Promise<any> {
    const answer = await fetch(this.#address + path, { method, ...(said && { body: JSON.stringify(said) }) })
    const { value } = (await answer.json()) as { value: any }
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}, ${value.message}`)
    return value
  }

  #screen(handle: string): Screen {
    const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, said?: object): Promise<any> => {
      const asked = this.#last.then(async () => {
        await this.#ask('POST', '/window', { handle })
        return this.#ask(method, path, said)
      })
      this.#last = asked.catch(() => {})
      return asked
    }
    const evaluate = (script: string, ...args: string[]) => ask('POST', '/execute/sync', { script: `return (${script})(...arguments)`, args })
    const element = async (selector: string) => {
      const found: Record<string, string> = await ask('POST', '/element', { using: 'css selector', value: selector })
      return `/element/${Object.values(found)[0]}`
    }
    return {
      open: (url) => ask('POST', '/url', { url }),
      reload: () => ask('POST', '/refresh', {}),
      tab: async (address) => {
        const tab = this.#screen((await ask('POST', '/window/new', { type: 'tab' })).handle)
        await tab.open(address)
        return tab
      },
      close: () => ask('DELETE', '/window'),
      type: async (field, text) => {
        await evaluate('(field) => { document.querySelector(field).value = "" }', field)
        await ask('POST', `${await element(field)}/value`, { text })
      },
      press: async (key) => {
        const focused: Record<string, string> = await ask('GET', '/element/active')
        await ask('POST', `/element/${Object.values(focused)[0]}/value`, { text: KEYS[key] })
      },
      click: async (selector) => ask('POST', `${await element(selector)}/click`, {}),
      texts: (selector) => evaluate('(selector) => Array.from(document.querySelectorAll(selector), ({ textContent }) => textContent)', selector),
      attribute: (selector, name) => evaluate('(selector, name) => document.querySelector(selector)?.getAttribute(name) ?? null', selector, name),
      kept: () => evaluate(String(keptAddresses)),
      run: async (script) => void (await evaluate(`() => {${script}}`)),
    }
  }
}

/** A port that nobody has just now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
