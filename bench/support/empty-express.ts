import type { AddressInfo } from 'node:net'
import express from 'express'

/** The baseline of the API: a route of Express that has nothing to do. */
const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.get('/api/v3/checks/', (_request, response) => {
  response.setHeader('Content-Type', 'application/json')
  response.end('{"checks": []}')
})
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`))
