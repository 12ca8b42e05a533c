import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The baseline: what Node answers when there is nothing to do. Reads bodies, keeps nothing. */
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': '2' })
    response.end('OK')
  })
})
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`))
