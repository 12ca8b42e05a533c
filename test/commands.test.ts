import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tooOld } from '../src/commands/node-version'
import { runProgram } from '../src/commands/program'
import { openStore } from '../src/store'
import { systemRandom } from '../src/world/random'
import { aTerminal } from './support/terminal'

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function run(args: string[], env: Record<string, string> = {}) {
  const { terminal, out, err } = aTerminal()
  const code = await runProgram(args, { env, cwd: aFolder(), terminal })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the command line', () => {
  it('tells which commands there are', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of ['serve', 'createsuperuser', 'config', 'health', 'version'])
      expect(out).toContain(name)
  })

  it.each(['serve', 'createsuperuser', 'createadmin', 'config', 'health', 'healthcheck', 'version'])(
    'has a help text for %s',
    async (name) => {
      const { code, out } = await run([name, '--help'])
      expect(code).toBe(0)
      expect(out).toMatch(/^Usage: rollcall /)
      expect(out).toContain('--data-dir')
    },
  )

  it('refuses a command that it does not know', async () => {
    expect(await run(['srve'])).toEqual({
      code: 2,
      out: '',
      err: `There is no command 'srve'. See: rollcall --help`,
    })
  })

  it('refuses an option that it does not know', async () => {
    const { code, err } = await run(['config', '--chekc'])
    expect(code).toBe(2)
    expect(err).toBe(`Unknown option '--chekc'. See: rollcall config --help`)
  })

  it('refuses an option without its value, and an argument too many', async () => {
    expect((await run(['config', '--data-dir'])).code).toBe(2)
    expect((await run(['config', 'everything'])).code).toBe(2)
  })

  it('takes the options for all commands before the name as after it', async () => {
    const before = await run(['--log-level', 'debug', 'config'])
    const after = await run(['config', '--log-level=debug'])
    expect(before.out).toContain('LOG_LEVEL=debug   # command line')
    expect(after.out).toBe(before.out)
  })

  it('tells its version', async () => {
    const { code, out } = await run(['--version'])
    expect(code).toBe(0)
    expect(out).toMatch(/^rollcall \S+\nbuilt .*\nnode +\d+\.\d+\.\d+\nsqlite +3\.\d+\.\d+\ntarget +\w+-\w+$/)
    expect((await run(['version'])).out).toBe(out)
  })
})

describe('the version of Node', () => {
  it.each(['24.7.0', '24.21.0', '25.0.0'])('may be %s', (version) => expect(tooOld(version)).toBeNull())

  it.each(['18.20.0', '20.19.2', '24.6.1'])('is refused in a sentence when it is %s', (version) => {
    expect(tooOld(version)).toContain(`Rollcall needs Node 24.7 or newer, and this is ${version}.`)
  })
})

describe('the command config', () => {
  it('shows every setting with its source, and no secret', async () => {
    const { code, out, err } = await run(['config'], { SITE_NAME: 'Night watch', SECRET_KEY: 'hidden' })
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        'SITE_NAME=Night watch   # environment',
        'SECRET_KEY=***   # environment',
        'DB=sqlite   # default',
      ]),
    )
    expect(out + err).not.toContain('hidden')
  })

  it('shows them as JSON', async () => {
    const { out } = await run(['config', '--json'], { PORT: '9000' })
    expect(JSON.parse(out)).toContainEqual({ name: 'PORT', value: '9000', source: 'environment' })
  })

  it('only checks them when it is asked to', async () => {
    expect(await run(['config', '--check'], { EMAIL_HOST: 'relay', DEFAULT_FROM_EMAIL: 'a@b.c' })).toEqual({
      code: 0,
      out: 'The settings are fine.',
      err: '',
    })
  })

  it('tells all problems, one a line', async () => {
    const { code, out, err } = await run(['config', '--check'], { DB: 'oracle', DEBUG: 'maybe' })
    expect(code).toBe(78)
    expect(out).toBe('')
    expect(err.split('\n')).toHaveLength(2)
  })

  it('shows what was saved on the pages, and makes no database to look for it', async () => {
    const folder = aFolder()
    const file = join(folder, 'data.sqlite')
    const env = { DB_NAME: file, SECRET_KEY: 'a key' }
    expect((await run(['config'], env)).out).toContain('SITE_NAME=Rollcall   # default')
    expect(existsSync(file)).toBe(false)
    const store = await openStore(
      { kind: 'sqlite', file, synchronous: 'NORMAL' },
      { newCode: () => systemRandom.uuid() },
    )
    await store.savedSettings.save({ SITE_NAME: 'Night watch', EMAIL_HOST_PASSWORD: 'sealed', ADMINS: 'x' })
    const wrong = await run(['config'], env)
    expect(wrong.err).toContain(`Warning: saved on a page, but left out: Unexpected value ADMINS=x`)
    await store.savedSettings.save({ ADMINS: null })
    await store.close()
    const { out } = await run(['config'], env)
    expect(out).toContain('SITE_NAME=Night watch   # saved on the pages')
    expect(out).toContain('EMAIL_HOST_PASSWORD=***   # saved on the pages')
    expect((await run(['config'], { ...env, SITE_NAME: 'Mine' })).out).toContain(
      'SITE_NAME=Mine   # environment',
    )
  })

  it('reads the file that is named', async () => {
    const file = join(aFolder(), 'my.env')
    writeFileSync(file, 'SITE_NAME=From a file\n')
    expect((await run(['--env-file', file, 'config'])).out).toContain(`SITE_NAME=From a file   # ${file}`)
  })
})

describe('the command database', () => {
  it('checks the file of the settings, or another', async () => {
    const file = join(aFolder(), 'some.sqlite')
    await (await openStore({ kind: 'sqlite', file, synchronous: 'NORMAL' }, { newCode: () => '' })).close()
    const sound = { code: 0, out: 'The file is sound.', err: '' }
    expect(await run(['database', 'check', '--file', file])).toEqual(sound)
    expect(await run(['database', 'check'], { DB_NAME: file })).toEqual(sound)
    expect(await run(['database', 'vacuum', '--file', file])).toEqual({ code: 0, out: 'Done!', err: '' })
  })

  it('says what it can do, and where that is not needed', async () => {
    expect((await run(['database'])).code).toBe(2)
    expect((await run(['database', 'mend'])).err).toContain('Say what to do: check or vacuum.')
    const postgres = { DB: 'postgres', DB_HOST: 'db', DB_NAME: 'rollcall', DB_USER: 'me', DB_PASSWORD: 'x' }
    expect((await run(['database', 'check'], postgres)).err).toContain('looks after itself')
  })
})

describe('the command health', () => {
  async function listening(answer: RequestListener, path?: string): Promise<string> {
    const server: HttpServer = createServer(answer)
    await new Promise<void>((resolve) => server.listen(path ?? { port: 0, host: '127.0.0.1' }, resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    return address !== null && typeof address === 'object' ? `${address.port}` : ''
  }

  it('asks where the site is, in the name of the site', async () => {
    const asked: (string | undefined)[] = []
    const port = await listening((request, response) => {
      asked.push(request.url, request.headers.host)
      response.end('OK')
    })
    const env = { PORT: port, SITE_ROOT: 'https://hc.example.org/watch' }
    expect(await run(['health'], env)).toEqual({ code: 0, out: 'Status OK', err: '' })
    expect(asked).toEqual(['/watch/api/v3/status/', 'hc.example.org'])
  })

  it('shows when the loops behind alerts last turned, well or not', async () => {
    let code = 200
    const port = await listening((request, response) => {
      expect(request.headers.accept).toBe('application/json')
      const loops = [
        { name: 'watch', last_turn: '2026-01-15T12:00:00.000Z' },
        { name: 'deliver', last_turn: null },
      ]
      const status = code === 200 ? 'OK' : 'alert loop stalled'
      response.writeHead(code).end(JSON.stringify({ status, loops }))
    })
    const turns = 'watch: last turn 2026-01-15T12:00:00.000Z\ndeliver: last turn not yet over'
    expect(await run(['health'], { PORT: port })).toEqual({ code: 0, out: `Status OK\n${turns}`, err: '' })
    code = 500
    expect(await run(['health'], { PORT: port })).toEqual({
      code: 1,
      out: turns,
      err: 'Status check failed: 500 alert loop stalled',
    })
  })

  it('asks through a unix socket too', async () => {
    const path = join(aFolder(), 'rollcall.sock')
    await listening((_, response) => response.end('OK'), path)
    expect(await run(['healthcheck'], { LISTEN: `unix:${path}` })).toMatchObject({ code: 0 })
  })

  it('fails with what the server says', async () => {
    const port = await listening((_, response) => response.writeHead(503).end('shutting down'))
    expect(await run(['health'], { PORT: port })).toEqual({
      code: 1,
      out: '',
      err: 'Status check failed: 503 shutting down',
    })
  })

  it('fails when nothing listens there', async () => {
    const { code, err } = await run(['health'], { LISTEN: `unix:${join(aFolder(), 'nobody')}` })
    expect(code).toBe(1)
    expect(err).toContain('no server answers on unix:')
  })
})
