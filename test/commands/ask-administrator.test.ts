import { describe, expect, it } from 'vitest'
import { createFor, type CreateAdministrator } from '../../src/commands/ask-administrator'
import { aTerminal } from '../support/terminal'

describe('the command createsuperuser', () => {
  const created: CreateAdministrator = async () => ({ ok: true })
  const taken: CreateAdministrator = async ({ email }) =>
    email.startsWith('taken')
      ? { ok: false, problem: { code: 'conflict', message: 'There is one' } }
      : { ok: true }

  it('makes the account when it has all it needs', async () => {
    const { terminal, out } = aTerminal()
    expect(await createFor({ email: 'me@example.org', password: 'long enough' }, terminal, created)).toBe(0)
    expect(out).toEqual(['Superuser created successfully.'])
  })

  it.each([
    [null, 'secret', '--email'],
    ['nobody', 'secret', '--email'],
    ['me@example.org', null, '--password/--pass'],
    ['me@example.org', ' ', '--password/--pass'],
  ])('says what a script forgot (%s, %s)', async (email, password, missing) => {
    const { terminal, err } = aTerminal()
    expect(await createFor({ email, password }, terminal, created)).toBe(2)
    expect(err).toEqual([`Missing or invalid required argument: ${missing}`])
  })

  it('tells a script that the address is taken', async () => {
    const { terminal, err } = aTerminal()
    expect(await createFor({ email: 'taken@example.org', password: 'x' }, terminal, taken)).toBe(1)
    expect(err).toEqual(['Error: email taken@example.org is already taken'])
  })

  it('asks a person again until all is well', async () => {
    const answers = ['taken@example.org', 'one', 'other', '', '', 'secret', 'secret', 'me@example.org']
    const { terminal, out, err } = aTerminal({ answers })
    expect(await createFor({ email: null, password: null }, terminal, taken)).toBe(0)
    expect(err).toEqual([
      "Error: Your passwords didn't match.",
      "Error: Blank passwords aren't allowed.",
      'Error: email taken@example.org is already taken',
    ])
    expect(out).toEqual(['Superuser created successfully.'])
  })

  it('gives up when nobody answers', async () => {
    const { terminal } = aTerminal({ answers: [] })
    expect(await createFor({ email: null, password: null }, terminal, created)).toBe(1)
  })
})
