import { describe, expect, it } from 'vitest'
import { changeFor } from '../../src/commands/change-password'
import { runProgram } from '../../src/commands/program'
import { fail, ok } from '../../src/core/problem'
import type { User } from '../../src/core/user'
import { aTerminal } from '../support/terminal'

describe('the command changepassword', () => {
  /** What it is told to do to accounts. */
  function accounts() {
    const done: unknown[] = []
    return {
      done,
      find: async (email: string) => (email === 'me@example.org' ? ({ id: 1, email } as User) : null),
      set: async ({ email }: User, password: string, options: { resetsSecondSteps: boolean }) => {
        if (password.length < 10) return fail('invalid', 'Use at least 10 characters.')
        done.push([email, password, options.resetsSecondSteps])
        return ok(null)
      },
    }
  }
  const wish = { email: 'Me@example.org', password: null as string | null, resetsSecondSteps: false }

  it('sets the password of an account for a script, and resets its second steps', async () => {
    const { terminal, out, err } = aTerminal()
    const there = accounts()
    const given = { ...wish, password: 'another horse battery', resetsSecondSteps: true }
    expect(await changeFor(given, terminal, there)).toBe(0)
    expect(there.done).toEqual([['me@example.org', 'another horse battery', true]])
    expect([out, err]).toEqual([
      ['Password changed for me@example.org.', 'Its second steps were removed.'],
      [],
    ])
  })

  it('asks a person for the password, twice', async () => {
    const { terminal, out, err } = aTerminal({
      answers: ['one horse', 'other horse', 'third horse', 'third horse'],
    })
    const there = accounts()
    expect(await changeFor(wish, terminal, there)).toBe(0)
    expect(there.done).toEqual([['me@example.org', 'third horse', false]])
    expect([out, err]).toEqual([
      ['Password changed for me@example.org.'],
      ["Error: Your passwords didn't match."],
    ])
  })

  it.each([
    [
      { ...wish, email: 'you@example.org', password: 'x' },
      1,
      'There is no account with the address you@example.org.',
    ],
    [{ ...wish, password: 'short' }, 1, 'Error: Use at least 10 characters.'],
    [wish, 2, 'There is nobody to ask for the password: use --password-stdin or --password-file.'],
  ])('says why not (%#)', async (given, code, said) => {
    const { terminal, err } = aTerminal()
    expect([await changeFor(given, terminal, accounts()), err]).toEqual([code, [said]])
  })

  it('wants exactly one account', async () => {
    const { terminal, err } = aTerminal()
    expect(await runProgram(['changepassword'], { env: {}, cwd: '/', terminal })).toBe(2)
    expect(err[0]).toContain('Name one account')
  })
})
