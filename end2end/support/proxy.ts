// A proxy between browser and server, with the faults that real ones have.
import { Agent, type Server as Listener, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Server } from './server.ts'

type Fault =
  /** Passes everything on. */
  | 'none'
  /** Holds the body of a stream back, as one that buffers does: the stream is open, and silent. */
  | 'swallows'
  /** Passes nothing on any more, and says nothing: what is open stays open, what is asked is never answered. */
  | 'dead'
  /** Lets nobody in, as where there is no network: who asks is told so at once. What is open stays open until it is cut. */
  | 'closed'
  /** Ends each stream as soon as it is open, as one that is configured to do so for a server that is away. */
  | 'sheds'

/** What something in front of the server answers in its place; a status of 0 cuts the connection. */
export type Instead = { status: number; headers?: Record<string, string>; body?: string }

export class Proxy {
  fault: Fault = 'none'
  /** Paths that are not there: each request is cut, or answered as by a server of another build. */
  lost: { path: RegExp; as: 'cut' | 'missing' } | undefined
  /** A login, a firewall or a limit in front of the server: what it answers to a request in its place, if it does. */
  instead: ((path: string, body: string, method: string) => Instead | undefined) | undefined
  /** Whether the browser keeps no cookies, as far as the server can see. */
  cookieless = false
  /** When each push came, in milliseconds, and whether something in front refused it. One that carries nothing only tries the way. */
  pushes: { at: number; carries: boolean; refused: boolean }[] = []
  /** How often each path was asked for. */
  asked: Record<string, number> = {}
  readonly #listener: Listener
  readonly #sockets = new Set<Socket>()
  readonly #streams = new Set<ServerResponse>()

  private constructor(readonly server: Server) {
    // The server is restarted at times: nothing is kept open to an old one.
    const agent = new Agent({ keepAlive: false })
    this.#listener = createServer((asked, answer) => {
      const path = asked.url!.split('?')[0]!
      this.asked[path] = (this.asked[path] ?? 0) + 1
      if (this.fault === 'dead') return
      if (this.lost?.path.test(path)) {
        if (this.lost.as === 'missing') answer.writeHead(404, { 'content-type': 'text/html' }).end('<p>There is no such page.</p>')
        else answer.destroy()
        return
      }
      const stream = path === '/events'
      if (stream && this.fault === 'sheds') {
        answer.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 500\n\n')
        return
      }
      const { method, headers } = asked
      const pieces: Buffer[] = []
      asked.on('data', (piece) => pieces.push(piece))
      asked.on('end', () => pass(Buffer.concat(pieces)))
      const pass = (body: Buffer) => {
        const instead = this.instead?.(path, body.toString(), method!)
        if (path === '/fn/push') this.pushes.push({ at: performance.now(), carries: !body.includes('"commands":[]'), refused: !!instead })
        if (instead?.status === 0) return void answer.destroy()
        if (instead) return void answer.writeHead(instead.status, { 'content-type': 'text/html', ...instead.headers }).end(instead.body ?? '<!doctype html><title>Not Tandem</title><p>Something else</p>')
        if (this.cookieless) delete headers.cookie
        const onward = request({ agent, port: server.port, path: asked.url!, method, headers })
        onward.on('error', () => answer.destroy())
        answer.on('close', () => onward.destroy())
        onward.on('response', (given) => {
          answer.writeHead(given.statusCode!, given.headers)
          answer.flushHeaders()
          const swallows = stream && this.fault === 'swallows'
          if (stream) this.#streams.add(answer.on('close', () => this.#streams.delete(answer)))
          given.on('data', (piece) => swallows || this.fault === 'dead' || answer.write(piece))
          given.on('end', () => this.fault === 'dead' || answer.end())
          given.on('error', () => answer.destroy())
        })
        onward.end(body)
      }
    })
    this.#listener.on('connection', (socket) => {
      if (this.fault === 'closed') return void socket.destroy()
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(server: Server) {
    const proxy = new Proxy(server)
    await new Promise<void>((done) => proxy.#listener.listen(0, done))
    return proxy
  }

  get port() {
    return (this.#listener.address() as AddressInfo).port
  }

  get url() {
    return `http://localhost:${this.port}`
  }

  /** How many streams are open through it. */
  get streams() {
    return this.#streams.size
  }

  /** Cuts every connection. */
  cut() {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop() {
    this.cut()
    await new Promise((done) => this.#listener.close(done))
  }
}
