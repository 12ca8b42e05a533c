import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time'
import { usagePage } from '../../src/web/usage-page'
import { pathsBelow } from '../../src/web/paths'
import { VARIANTS } from '../../src/web/usage/example'
import type { Job, Variant } from '../../src/web/usage/example'
import { EXAMPLES } from '../../src/web/usage/examples'
import { inCrontab, inShell, inSingleQuotes } from '../../src/web/usage/quoting'
import { crontab, curlScript } from '../../src/web/usage/shell'
import { aCheck, aNewCheck, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'

let site: LocalSite
let folder: string
let command: string
let projectId: number

beforeAll(async () => {
  site = await localSite()
  const person = await anAdministrator(site)
  const project = await site.appliance.app.store.projects.findByCode(
    (await person.get('/')).location.split('/')[2] ?? '',
  )
  projectId = project!.id
  folder = mkdtempSync(join(tmpdir(), 'rollcall-usage-'))
  command = join(folder, 'job')
})
afterAll(async () => {
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What runs an example, and how; those that this machine lacks are skipped, by name. */
const RUNNERS: { key: string; block: number; program: string; args: string[]; needs?: string }[] = [
  { key: 'shell', block: 0, program: 'sh', args: [], needs: 'curl' },
  { key: 'shell', block: 0, program: 'bash', args: [], needs: 'curl' },
  { key: 'shell', block: 0, program: 'zsh', args: [], needs: 'curl' },
  { key: 'shell', block: 1, program: 'sh', args: [], needs: 'wget' },
  { key: 'synology', block: 0, program: 'sh', args: [], needs: 'curl' },
  { key: 'busybox', block: 0, program: 'busybox', args: ['sh'] },
  { key: 'python', block: 0, program: 'python3', args: [] },
  { key: 'node', block: 0, program: 'node', args: [] },
  { key: 'perl', block: 0, program: 'perl', args: [] },
  { key: 'ruby', block: 0, program: 'ruby', args: [] },
  { key: 'php', block: 0, program: 'php', args: [] },
  { key: 'go', block: 0, program: 'go', args: ['run'] },
  { key: 'powershell', block: 0, program: 'pwsh', args: ['-NoProfile', '-File'] },
]

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const ENDINGS: Record<string, string> = { go: '.go', pwsh: '.ps1', php: '.php', node: '.cjs' }

/** What the check heard, the oldest first. */
async function heard(
  key: string,
  block: number,
  run: (code: string) => Promise<void>,
  variant: Variant,
  exit: number,
) {
  writeFileSync(command, `#!/bin/sh\necho "hello & 100%"\nexit ${exit}\n`)
  chmodSync(command, 0o755)
  const { store } = site.appliance.app
  const check = await store.checks.add(
    aNewCheck(projectId, { name: 'Example', slug: '', createdAt: NOON - DAY }),
  )
  const job: Job = {
    url: `${site.url}/ping/${check.code}`,
    command,
    cron: '0 3 * * *',
    isGuess: false,
    calendar: null,
  }
  const example = EXAMPLES.find((each) => each.key === key)
  await run(example?.blocks(job, variant)[block]?.code ?? '')
  const pings = (await store.pings.latest(check.id, { afterN: 0, limit: 9 })).toReversed()
  return await Promise.all(
    pings.map(async ({ n, kind, exitStatus, runId }) => ({
      kind,
      exitStatus,
      runId,
      body: (await store.pings.body(check.id, n))?.toString() ?? null,
    })),
  )
}

/** Not `spawnSync`: the site that is pinged is in this process. */
function runFile(program: string, args: string[], code: string): Promise<void> {
  const file = join(folder, `example${ENDINGS[program] ?? ''}`)
  writeFileSync(file, `${code}\n`)
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, file], { stdio: 'ignore', cwd: folder })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
}

describe.each(RUNNERS)(
  'the example for $key, run by $program (block $block)',
  ({ key, block, program, args, needs }) => {
    const run = (code: string) => runFile(program, args, code)

    describe.skipIf(!isThere(program) || (needs !== undefined && !isThere(needs)))(
      '(needs it installed)',
      () => {
        it('tells a success, and only that', async () => {
          expect(await heard(key, block, run, 'success', 0)).toMatchObject([{ kind: 'success' }])
          expect(await heard(key, block, run, 'success', 3)).toEqual([])
        })

        it('tells the start, and how it ended', async () => {
          expect(await heard(key, block, run, 'status', 3)).toMatchObject([
            { kind: 'start' },
            { kind: 'fail', exitStatus: 3 },
          ])
        })

        it('gives each run an id', async () => {
          const [start, end] = await heard(key, block, run, 'rid', 0)
          expect(start).toMatchObject({
            kind: 'start',
            runId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          })
          expect(end).toMatchObject({ kind: 'success', exitStatus: 0, runId: start?.runId })
        })

        it('sends what the job printed', async () => {
          const pings = await heard(key, block, run, 'log', 3)
          expect(pings).toHaveLength(2)
          expect(pings[1]).toMatchObject({ kind: 'fail', exitStatus: 3 })
          expect(pings[1]?.body?.trim()).toBe('hello & 100%')
        })
      },
    )
  },
)

it('the line for a crontab runs as cron runs it', async () => {
  for (const { key } of VARIANTS) {
    const pings = await heard(
      'crontab',
      0,
      (line) => {
        // What cron does: five fields off, \% becomes %, the rest goes to sh.
        const rest = line.split(' ').slice(5).join(' ')
        expect(rest).not.toMatch(/(^|[^\\])%/)
        return runFile('sh', [], rest.replaceAll('\\%', '%'))
      },
      key,
      0,
    )
    expect(pings.at(-1), key).toMatchObject({ kind: 'success' })
  }
})

describe('the crontab of a check', () => {
  const lineOf = (schedule: ReturnType<typeof aCheck>['schedule']) =>
    usagePage({
      check: aCheck({ schedule }),
      pingUrl: 'https://example.org/ping/c',
      emailAddress: null,
      lang: 'crontab',
      variant: '',
      trail: [],
      paths: pathsBelow(''),
    }).blocks[0]?.code ?? ''

  it('has its own expression, or one that is as often', () => {
    expect(lineOf({ kind: 'cron', expression: '30 3 * * SUN', tz: 'UTC' })).toMatch(/^30 3 \* \* SUN \/path/)
    expect(lineOf({ kind: 'period', periodMs: 15 * MINUTE })).toMatch(/^\*\/15 \* \* \* \* \/path/)
  })

  it('says where it has to be replaced', () => {
    expect(lineOf({ kind: 'period', periodMs: 50 * MINUTE })).toMatch(
      /^# Replace this schedule with that of the job\n\* \* \* \* \* /,
    )
  })
})

describe('quoting', () => {
  const NASTY = `it's "$HOME" \`id\` \\ 100%`

  it('keeps addresses what they are in shells', () => {
    for (const quoted of [inShell(NASTY), inShell(NASTY, '/x').replace('/x"', '"')]) {
      expect(spawnSync('sh', ['-c', `printf '%s' ${quoted}`]).stdout.toString()).toBe(NASTY)
    }
    const job = { url: NASTY, command: 'true', cron: '* * * * *', isGuess: false, calendar: null }
    expect(curlScript(job, 'success')).toContain(inShell(NASTY))
    expect(crontab(job, 'success')).toContain('100\\%')
    expect(inCrontab('a%b')).toBe('a\\%b')
  })

  it('keeps them in single quotes of other languages', () => {
    expect(inSingleQuotes(`a'b\\`)).toBe(`'a\\'b\\\\'`)
  })
})

it.each(EXAMPLES.map(({ key }) => key))('%s has something to show in every variant', (key) => {
  for (const { key: variant } of VARIANTS) {
    const page = usagePage({
      check: aCheck(),
      pingUrl: 'https://example.org/ping/c0de',
      emailAddress: null,
      lang: key,
      variant,
      trail: [],
      paths: pathsBelow(''),
    })
    expect(page.blocks.map(({ code }) => code).join('\n')).toContain('https://example.org/ping/c0de')
    expect(page.blocks.map(({ code }) => code).join('\n')).not.toMatch(/undefined|\[object/)
  }
})
