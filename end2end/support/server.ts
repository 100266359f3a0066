// A Tandem of one's own: a fresh database, a free port, and the ways in which a server can go away.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const target = join(import.meta.dirname, '../../target')
// Whichever was built last, unless told.
const built = [join(target, 'release/tandem'), join(target, 'debug/tandem')].filter((path) => existsSync(path))
const binary = process.env.TANDEM_BIN ?? built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]

/** What must never stand in a log, by its shape: a cookie's bits, a link's code, an operator's code, a password of a test. */
const SECRETS = /\b[0-9a-f]{64}|(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{43,}|(?<![\w-])\w{4}(?:-\w{4}){3}(?![\w-])|swordfish/

export class Server {
  port = 0
  /** What makes whoever gives it the operator: printed right after the address, while there is none. */
  operatorCode = ''
  /** What the server has written to its error output: a test that fails may show it. */
  log = ''
  #process: ChildProcess | undefined

  private constructor(readonly folder: string) {}

  static async start() {
    const server = new Server(await mkdtemp(join(tmpdir(), 'tandem-')))
    await server.#run()
    return server
  }

  get url() {
    return `http://localhost:${this.port}`
  }

  /** As if the power had failed. */
  async kill() {
    await this.#end('SIGKILL')
  }

  /** As an operator stops it. */
  async stop() {
    return this.#end('SIGTERM')
  }

  /** As if it hung: connections are made, and nobody answers. */
  freeze() {
    this.#process?.kill('SIGSTOP')
  }

  /** The end of that. */
  thaw() {
    this.#process?.kill('SIGCONT')
  }

  /** Starts it again, at the same address and with the same file. */
  async restart(...options: string[]) {
    if (this.#process) await this.kill()
    await this.#run(...options)
  }

  /** Stops it, keeps a copy of its data aside, and starts it again. */
  async backUp() {
    await this.stop()
    await rm(`${this.folder}.backup`, { recursive: true, force: true })
    await cp(this.folder, `${this.folder}.backup`, { recursive: true })
    await this.restart()
  }

  /** Puts the copy in place of the data, as an operator does after a disk was lost. */
  async restore() {
    await this.kill()
    await rm(this.folder, { recursive: true })
    await rename(`${this.folder}.backup`, this.folder)
    await this.restart('--restored')
  }

  /** Ends it for good and throws its data away. */
  async remove() {
    await this.#end('SIGKILL')
    await rm(this.folder, { recursive: true, force: true })
    await rm(`${this.folder}.backup`, { recursive: true, force: true })
    const secret = SECRETS.exec(this.log)
    if (secret) throw new Error(`A secret stands in the log: ${secret[0]}\n${this.log}`)
  }

  async #end(signal: NodeJS.Signals) {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code] = await ended
    return code as number | null
  }

  async #run(...options: string[]) {
    if (!binary) throw new Error('There is no binary to test: run `make build` first, or set TANDEM_BIN.')
    const database = `sqlite:${join(this.folder, 'tandem.db')}`
    const child = spawn(binary, ['--database', database, '--port', String(this.port), ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.on('data', (text) => (this.log += text))
    this.#process = child
    this.port = await new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const port = /^Tandem is at http:\/\/localhost:(\d+)$/.exec(line)?.[1]
        if (port) resolve(Number(port))
        this.operatorCode = /operator code .*: (\S+)$/.exec(line)?.[1] ?? this.operatorCode
      })
      child.on('error', reject)
      child.on('exit', () => reject(new Error(`The server did not start.\n${this.log}`)))
    })
  }
}
