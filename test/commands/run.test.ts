import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../src/commands/program'
import { scriptedServer } from '../world/scripted-server'
import type { Heard, ScriptedServer } from '../world/scripted-server'
import { aTerminal } from '../support/terminal'

const CODE = '0f8fad5b-d9cb-469f-a165-70867728950e'
const node = (script: string) => ['--', process.execPath, '-e', script]

const servers: ScriptedServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const accept = (_: Heard, response: ServerResponse) =>
  void response.setHeader('Ping-Body-Limit', '20').end('OK')

async function aServer(script: Parameters<typeof scriptedServer>[0] = accept): Promise<ScriptedServer> {
  const server = await scriptedServer(script)
  servers.push(server)
  return server
}

async function run(args: string[], env: Record<string, string> = {}, input = '') {
  const { terminal, out, err, passed } = aTerminal({ input })
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'rollcall-run-')))
  const all = { ...env, PATH: process.env['PATH'] ?? '' }
  const code = await runProgram(args, { env: all, cwd, terminal })
  rmSync(cwd, { recursive: true })
  const written = (to: 'out' | 'err') =>
    Buffer.concat(passed.filter((one) => one.to === to).map(({ bytes }) => bytes))
  return {
    code,
    out: out.join('\n'),
    err: err.join('\n'),
    stdout: written('out'),
    stderr: written('err'),
    cwd,
  }
}

const said = ({ heard }: ScriptedServer) =>
  heard.map(({ method, path, body }) =>
    `${method} ${path.replace(/rid=[0-9a-f-]{36}/, 'rid')} ${body}`.trim(),
  )

describe('a job that is run', () => {
  it('is told of when it starts and when it ends, with the end of its output', async () => {
    const server = await aServer()
    const url = `${server.url}/ping/${CODE}`
    const job = node(`process.stdout.write('one\\n'); process.stderr.write('two\\n', () => process.exit(3))`)
    const { code, stdout, stderr, err } = await run(['run', '--url', url, ...job])
    expect([code, stdout.toString(), stderr.toString(), err]).toEqual([3, 'one\n', 'two\n', ''])
    expect(server.heard.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      `GET /ping/${CODE}/start`,
      `POST /ping/${CODE}/3`,
    ])
    expect(server.heard[1]?.body.split('\n').toSorted()).toEqual(['', 'one', 'two'])
    const runs = server.heard.map(({ path }) => new URL(path, server.url).searchParams.get('rid'))
    expect(runs[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(runs[1]).toBe(runs[0])
    expect(server.heard[0]?.headers['user-agent']).toMatch(/^rollcall\//)
  })

  it('sends as much of its output as the server keeps: the end', async () => {
    const server = await aServer()
    await run([
      'run',
      '--url',
      `${server.url}/ping/x`,
      ...node(`console.log('a'.repeat(50) + 'the last twenty byte')`),
    ])
    expect(server.heard[1]?.body).toBe('he last twenty byte\n')
  })

  it('passes through what is no text, byte for byte', async () => {
    const server = await aServer()
    const job = node(`process.stdout.write(Buffer.from([0, 255, 10, 13, 128]))`)
    const { stdout } = await run(['run', '--url', `${server.url}/ping/x`, ...job])
    expect([...stdout]).toEqual([0, 255, 10, 13, 128])
    expect(server.heard[1]?.headers['content-length']).toBe('5')
  })

  it('is named by key and slug, and made when it is not there', async () => {
    const server = await aServer()
    const where = ['--endpoint', `${server.url}/ping`, '--key', 'K_y', '--slug', 'nightly']
    await run(['run', ...where, '--create', ...node('')])
    expect(said(server)).toEqual([
      'GET /ping/K_y/nightly/start?rid&create=1',
      'GET /ping/K_y/nightly/0?rid&create=1',
    ])
  })

  it('is named by the environment', async () => {
    const server = await aServer()
    await run(['run', '--no-start', ...node('')], { ROLLCALL_URL: `${server.url}/p/x/?a=b` })
    expect(said(server)).toEqual(['GET /p/x/0?a=b&rid'])
  })

  it('runs with our environment, in our folder, with its options its own', async () => {
    const server = await aServer()
    const job = [
      '--',
      process.execPath,
      '-p',
      'process.env.COLOUR + process.argv.slice(1) + process.cwd()',
      '--',
      '--help',
    ]
    const { stdout, cwd } = await run(['run', '--url', `${server.url}/p/x`, ...job], { COLOUR: 'green' })
    expect(stdout.toString()).toBe(`green--help${cwd}\n`)
  })

  it('tells of a command that is not there as shells do', async () => {
    const server = await aServer()
    const { code, err } = await run([
      'run',
      '--no-start',
      '--url',
      `${server.url}/p/x`,
      '--',
      'no-such-command',
    ])
    expect([code, err]).toEqual([127, `rollcall: there is no command 'no-such-command'`])
    expect(server.heard[0]?.path).toContain('/p/x/127?')
    const folder = await run(['run', '--no-start', '--url', `${server.url}/p/x`, '--', tmpdir()])
    expect(folder.code).toBe(126)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
    ['SIGHUP', 129],
  ] as const)('that is ended by %s gives %s', async (signal, code) => {
    const server = await aServer()
    const job = node(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`)
    const ended = await run(['run', '--url', `${server.url}/p/x`, ...job])
    expect(ended.code).toBe(code)
    expect(server.heard[1]?.path).toContain(`/p/x/${code}?`)
  })

  it('gets the signals that we get, and may answer them as it likes', async () => {
    const server = await aServer()
    const before = process.listenerCount('SIGUSR2')
    // It asks its parent, which is us, for the signal once it can take it.
    const job = node(
      `process.on('SIGUSR2', () => process.exit(42)); process.kill(process.ppid, 'SIGUSR2'); setInterval(() => {}, 1000)`,
    )
    expect((await run(['run', '--url', `${server.url}/p/x`, ...job])).code).toBe(42)
    expect(process.listenerCount('SIGUSR2')).toBe(before)
  })

  it('does not wait for what it left running', async () => {
    const server = await aServer()
    const script = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }).unref(); console.log(1)`
    const { code, stdout } = await run(['run', '--url', `${server.url}/p/x`, ...node(script)])
    expect([code, stdout.toString()]).toEqual([0, '1\n'])
  })

  it('may write more than memory holds', async () => {
    const server = await aServer(
      (_, response) => void response.setHeader('Ping-Body-Limit', '1000').end('OK'),
    )
    const script = `const block = Buffer.alloc(1e6, 'x'); let n = 0; (function go() { if (n++ < 100) process.stdout.write(block, go) })()`
    let bytes = 0
    const { terminal } = aTerminal()
    terminal.pass = (_, chunk) => {
      bytes += chunk.length
      return Promise.resolve()
    }
    const before = process.memoryUsage.rss()
    const args = ['run', '--url', `${server.url}/p/x`, ...node(script)]
    await runProgram(args, { env: { PATH: '' }, cwd: tmpdir(), terminal })
    expect(bytes).toBe(100e6)
    expect(server.heard[1]?.body).toBe('x'.repeat(1000))
    expect(process.memoryUsage.rss() - before).toBeLessThan(80e6)
  })
})

describe('a server that is away', () => {
  it('does not make a job fail, nor is it left in the dark', async () => {
    const { port } = await aServer()
    await servers.pop()?.close()
    const job = node(`console.log('done')`)
    const { code, stdout, err } = await run([
      'run',
      '--patience',
      '0',
      '--url',
      `http://127.0.0.1:${port}/p/x`,
      ...job,
    ])
    expect([code, stdout.toString()]).toEqual([0, 'done\n'])
    expect(err).toContain('could not tell that')
    expect(err).toContain('ECONNREFUSED')
    const quiet = await run([
      'run',
      '--quiet',
      '--patience',
      '0',
      '--url',
      `http://127.0.0.1:${port}/p/x`,
      ...job,
    ])
    expect([quiet.code, quiet.err]).toEqual([0, ''])
  })

  it('is asked again, and not before it said', async () => {
    const answers = [503, 429, 200]
    const server = await aServer((_, response) => {
      const status = answers.shift() ?? 200
      response.writeHead(status, status === 429 ? { 'Retry-After': '1' } : {}).end()
    })
    const begun = performance.now()
    const { code, err } = await run([
      'run',
      '--no-start',
      '--url',
      `${server.url}/p/x`,
      ...node('process.exit(7)'),
    ])
    expect([code, err]).toEqual([7, ''])
    expect(server.heard.map(({ path }) => path.split('?')[0])).toEqual(Array(3).fill('/p/x/7'))
    expect(performance.now() - begun).toBeGreaterThan(1400)
  })

  it('is not asked again when it says that the ping is wrong', async () => {
    const server = await aServer((_, response) => void response.writeHead(404).end('not found'))
    const { code, err } = await run(['run', '--url', `${server.url}/p/x`, ...node('')])
    expect(code).toBe(0)
    expect(server.heard).toHaveLength(2)
    expect(err).toContain('the server answered 404 not found')
  })

  it('holds up a job by two seconds when it says nothing, and hears of the end after the start', async () => {
    const held: ServerResponse[] = []
    const server = await aServer((heard, response) => {
      if (heard.path.includes('/start')) held.push(response)
      else response.end('OK')
    })
    let beganAt = 0
    const { terminal } = aTerminal()
    terminal.pass = () => {
      beganAt = performance.now()
      // The job is at work while its start is still being told.
      expect(server.heard).toHaveLength(1)
      setTimeout(() => held[0]?.end('OK'), 300)
      return Promise.resolve()
    }
    const begun = performance.now()
    const args = ['run', '--url', `${server.url}/p/x`, ...node('console.log(1)')]
    expect(await runProgram(args, { env: {}, cwd: tmpdir(), terminal })).toBe(0)
    expect(beganAt - begun).toBeGreaterThan(1900)
    expect(beganAt - begun).toBeLessThan(5000)
    expect(server.heard.map(({ path }) => path.split('?')[0])).toEqual(['/p/x/start', '/p/x/0'])
  })

  it('may lead elsewhere', async () => {
    const there = await aServer()
    const here = await aServer(
      ({ path }, response) => void response.writeHead(301, { location: there.url + path }).end(),
    )
    await run(['run', '--no-start', '--url', `${here.url}/p/x`, ...node('console.log(1)')])
    expect(said(there)).toEqual(['POST /p/x/0?rid 1'])
  })
})

describe('a call that makes no sense', () => {
  it.each<[string[], string]>([
    [['run', '--url', 'http://h/p/x'], 'Which command? It stands behind --. See: rollcall run --help'],
    [
      ['run', '--', 'true'],
      'Which check? Use --url, or --endpoint with --key and --slug. See: rollcall run --help',
    ],
    [['run', '--key', 'k', '--slug', 's', '--', 'true'], 'Which server?'],
    [['run', '--url', 'http://h/p/x', '--key', 'k', '--', 'true'], 'Use --url alone'],
    [['run', '--url', 'ftp://h/x', '--', 'true'], `'ftp://h/x' is no ping address`],
    [['run', '--endpoint', 'http://h', '--key', 'k', '--slug', 'Big', '--', 'true'], 'A slug has a-z'],
    [['run', '--url', 'http://h/p/x', '--patience', 'long', '--', 'true'], '--patience is a number'],
    [['run', '--wat', '--', 'true'], `Unknown option '--wat'. See: rollcall run --help`],
    [['ping', '--url', 'http://h/p/x', '256'], 'Say one of success'],
    [['ping', '--url', 'http://h/p/x', 'begin'], 'Say one of success'],
    [['ping', '--url', 'http://h/p/x', '--run-id', '1'], '--run-id is a UUID'],
  ])('%j is refused in a sentence, before anything is run', async (args, sentence) => {
    const { code, err } = await run(args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })
})

describe('a single ping', () => {
  it.each([
    [[], 'GET /p/x'],
    [['start'], 'GET /p/x/start'],
    [['fail', '--message', 'disk full'], 'POST /p/x/fail disk full'],
    [['log', '--stdin'], 'POST /p/x/log from stdin'],
    [['0'], 'GET /p/x/0'],
    [['17', '--run-id', CODE], 'GET /p/x/17?rid'],
  ])('%j', async (args, expected) => {
    const server = await aServer()
    const { code, out, err } = await run(['ping', '--url', `${server.url}/p/x`, ...args], {}, 'from stdin')
    expect([code, out, err]).toEqual([0, '', ''])
    expect(said(server)).toEqual([expected])
  })

  it('fails in a sentence when it is not taken', async () => {
    const server = await aServer((_, response) => void response.writeHead(409).end('ambiguous slug'))
    expect(await run(['ping', '--url', `${server.url}/p/x`])).toMatchObject({
      code: 1,
      err: 'The ping was not taken: the server answered 409 ambiguous slug',
    })
  })

  it('needs neither settings nor a data directory', async () => {
    const server = await aServer()
    const { code } = await run(['ping', '--url', `${server.url}/p/x`], {
      DB: 'nonsense',
      DATA_DIR: '/nowhere',
    })
    expect(code).toBe(0)
  })
})
