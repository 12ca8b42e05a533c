import { describe, expect, it } from 'vitest'
import { readWish } from '../../src/apply/read'
import type { Wish } from '../../src/apply/wish'

const secrets = {
  env: { PING_KEY: 'abcdefghijklmnopqrstuv', HOST: 'ops.example.org' },
  read(path: string): string {
    if (path === '/run/secrets/token') return 'from a file\n'
    throw new Error(`no such file ${path}`)
  },
}

function wishOf(text: string): Wish {
  const read = readWish(text, secrets)
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes))
  return read.wish
}

/** 'line: message' of each mistake. */
function mistakesOf(text: string): string[] {
  const read = readWish(text, secrets)
  return read.ok ? [] : read.mistakes.map(({ line, message }) => `${line}: ${message}`)
}

const inHome = (rest: string): string => `version: 1\nprojects:\n  - name: Home\n${rest}`

describe('a file', () => {
  it('says of a check what it says, and the rest is as for a new one', () => {
    const [project] = wishOf(
      inHome('    checks: [{ name: Backup, tags: [a, b], description: Why }]\n'),
    ).projects
    expect(project).toMatchObject({ name: 'Home', owner: null, channels: null, members: null, apiKeys: null })
    expect(project?.pingKey).toBeUndefined()
    expect(project?.checks).toMatchObject([
      {
        channels: undefined,
        fields: {
          name: 'Backup',
          slug: '',
          tags: 'a b',
          desc: 'Why',
          timeout: 86_400,
          grace: 3600,
          methods: '',
        },
      },
    ])
  })

  it('has every setting of a check, under the names of the API', () => {
    const [project] = wishOf(
      inHome(`    checks:
      - name: All
        slug: all
        schedule: "*-*-* 03:00"
        tz: Europe/Riga
        grace: 60
        methods: POST
        manual_resume: true
        start_kw: began
        success_kw: ok,fine
        failure_kw: error
        filter_subject: true
        filter_body: true
        filter_http_body: true
        filter_default_fail: true
        channels: []
`),
    ).projects
    expect(project?.checks?.[0]).toMatchObject({
      channels: { names: [] },
      fields: {
        schedule: '*-*-* 03:00',
        tz: 'Europe/Riga',
        grace: 60,
        methods: 'POST',
        manual_resume: true,
        start_kw: 'began',
        success_kw: 'ok,fine',
        failure_kw: 'error',
        filter_subject: true,
        filter_body: true,
        filter_http_body: true,
        filter_default_fail: true,
      },
    })
    expect(project?.checks?.[0]?.fields).not.toHaveProperty('timeout')
  })

  it('refers to the environment and to files, anywhere in a text', () => {
    const [project] = wishOf(
      inHome(`    ping_key: \${PING_KEY}
    channels:
      - name: Ops
        kind: webhook
        settings:
          down:
            url: https://\${HOST}/hook
            headers: { Authorization: "Bearer \${file:/run/secrets/token}" }
            method: POST
            body: "$NAME and $\${HOST}"
`),
    ).projects
    expect(project?.pingKey?.text).toBe('abcdefghijklmnopqrstuv')
    expect(project?.channels?.[0]?.form).toMatchObject({
      url_down: 'https://ops.example.org/hook',
      headers_down: 'Authorization: Bearer from a file',
      body_down: '$NAME and ${HOST}',
    })
  })

  it('may refer to what is not set, where something could be kept', () => {
    const [project] = wishOf(
      inHome('    channels: [{ name: Ops, kind: webhook, settings: { down: { url: "${NOWHERE}" } } }]\n'),
    ).projects
    expect(project?.channels?.[0]?.missing).toEqual(new Map([['url_down', ['NOWHERE']]]))
  })

  it('is told every mistake with its line', () => {
    const text = `version: 1
projects:
  - name: Home
    colour: blue
    ping_key: short
    api_keys:
      - { name: "", access: admin }
    members:
      - { email: nobody, role: owner }
    channels:
      - kind: pigeon
      - name: Ops
        kind: webhook
        settings:
          down:
            ulr: https://a.example
      - kind: email
        settings: { value: nonsense }
        repeat: 90
    checks:
      - name: Backup
        shedule: "0 3 * * *"
      - name: Other
        schedule: "61 * * * *"
        tz: Mars/Olympus
        grace: 1
        channels: [Pager]
      - name: Both
        schedule: "0 3 * * *"
        timeout: 60
      - slug: Not a slug
      - grace: 60
`
    expect(mistakesOf(text)).toEqual([
      expect.stringMatching(/^4: A project has no 'colour'\. There are: id, name, /),
      expect.stringMatching(/^5: ping_key has to be 22 characters/),
      '7: access has to be one of: read-write, read-only.',
      '7: name: Fill in this field.',
      '9: email has to be an e-mail address.',
      '9: role has to be one of: read-only, member, manager.',
      expect.stringMatching(/^11: kind has to be one of: email, webhook/),
      expect.stringMatching(/^16: down\.ulr is no setting of Webhook; there are: down\.method, /),
      '18: value: Enter a valid email address.',
      '19: repeat has to be seconds that are whole minutes, 300 to 86400.',
      expect.stringMatching(/^22: A check has no 'shedule'\. There are: /),
      '24: schedule is not a valid cron or OnCalendar expression.',
      '25: tz is not a valid timezone.',
      '26: grace is too small.',
      expect.stringMatching(/^27: There is no channel 'Pager' in this project/),
      '30: A check has either a schedule or a timeout.',
      '31: slug does not match pattern.',
      '32: A check in a file needs a name or a slug.',
    ])
  })

  it.each([
    ['', /^1: /],
    ['- 1', /^1: The file has to be entries/],
    ['version: 2\nprojects: []', /^1: This file has to begin with 'version: 1'/],
    ['version: 1\nprojects: [', /^2: /],
    ['version: 1\nversion: 1', /^2: Map keys must be unique/],
    ['version: 1\nprojects: &a [*a]', /^2: This alias contains itself/],
    [inHome('    checks: [{ name: x, grace: "${file:/nowhere}" }]'), /^4: grace: Error reading \/nowhere/],
    [inHome('    checks: [{ name: "${NOWHERE}" }]'), /^4: name: NOWHERE is not set in the environment/],
    [inHome('  - name: Home'), /^4: the project Home is in this file already, at line 3/],
    [inHome('    checks: [{ name: true }]'), /^4: name is not a string/],
  ])('that cannot be read is refused: %j', (text, first) => {
    expect(mistakesOf(text)[0]).toMatch(first)
  })

  it('cannot be made endless by aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`,
    )
    const text = `version: 1\nprojects: []\na0: &a0 [x]\n${levels.join('\n')}\n`
    expect(mistakesOf(text)[0]).toContain('There is too much in this file')
  })
})
