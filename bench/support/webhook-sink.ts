import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook receiver that says, when it is asked, what it was told and when: `/<code>/<status>`. */
const heard: { at: number; code: string; status: string }[] = []

const server = createServer((request, response) => {
  if (request.url === '/heard') {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(heard))
    return
  }
  const [, code = '', status = ''] = (request.url ?? '').split('/')
  heard.push({ at: Date.now(), code, status })
  request.resume()
  request.on('end', () => response.end())
})
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`))
