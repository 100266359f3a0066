// Proxies as self-hosters have them, with what they do to a stream: one that lets everything through, one that collects
// answers before it sends them, one that compresses them, one that hangs up on silence, one that passes no names on.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGzip } from 'node:zlib'

export type Manner = 'plain' | 'collects' | 'compresses' | 'hangs-up' | 'renames'

/** Stands before the server at that port. */
export async function proxy(upstream: number, manner: Manner) {
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked
    const passed = manner === 'renames' ? { ...headers, host: 'tandem.internal' } : headers
    const onward = request({ port: upstream, host: '127.0.0.1', method, path: url, headers: passed }, (got) => {
      const isStream = got.headers['content-type'] === 'text/event-stream'
      if (!isStream || manner === 'plain' || manner === 'renames') {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        got.pipe(answer)
      } else if (manner === 'collects') {
        const pieces: Buffer[] = []
        got.on('data', (piece) => pieces.push(piece))
        got.on('end', () => {
          answer.writeHead(got.statusCode ?? 502, got.headers)
          answer.end(Buffer.concat(pieces))
        })
      } else if (manner === 'compresses') {
        answer.writeHead(got.statusCode ?? 502, { ...got.headers, 'content-encoding': 'gzip' })
        got.pipe(createGzip()).pipe(answer)
      } else {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        let silence = setTimeout(() => answer.destroy(), 500)
        got.on('data', (piece) => {
          clearTimeout(silence)
          silence = setTimeout(() => answer.destroy(), 500)
          answer.write(piece)
        })
        got.on('end', () => answer.end())
      }
      got.on('error', () => answer.destroy())
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
