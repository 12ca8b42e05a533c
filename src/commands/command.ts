import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { readConfig, type Config, type ConfigResult, type SettingValue } from '../config'
import type { Terminal } from './terminal'

/** Of spec/operations.md §4.2. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unavailable: 69,
  tryAgain: 75,
  configuration: 78,
} as const

/** What the program was called with, and in. */
export interface Surroundings {
  env: Record<string, string | undefined>
  cwd: string
  terminal: Terminal
}

/** A call of one command, after its options were read. */
export interface Call extends Surroundings {
  /** Settings given as options, and the file given with `--env-file`. */
  overrides: Record<string, string | undefined>
  envFile: string | null
  /** What stood behind the options, for the commands that take more than options. */
  args: string[]
}

export interface Command {
  help: string
  /** The exit code, when all is done. */
  execute(args: string[], surroundings: Surroundings): Promise<number>
}

/** Understood by every command, before its name or after. */
export const commonOptions = {
  'env-file': { type: 'string' },
  'data-dir': { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

export const COMMON_HELP = `  --env-file FILE    settings as NAME=value lines (else DATA_DIR/rollcall.env)
  --data-dir DIR     the same as DATA_DIR=DIR
  --log-level LEVEL  error, warn, info or debug
  --help             this text`

type ValuesOf<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O }>>['values']

/** A command: reads its options, and runs with them or says in a sentence what is wrong with them. */
export function command<O extends ParseArgsOptionsConfig>(about: {
  name: string
  /** What it does and its own options, one a line. */
  help: string
  options: O
  /** Takes words besides options, or a whole command behind `--`. */
  takesArguments?: boolean
  /** Needs none of the settings, and so none of the options about them. */
  withoutSettings?: boolean
  run(values: ValuesOf<O>, call: Call): Promise<number>
}): Command {
  const help = about.withoutSettings ? about.help : `${about.help}\n${COMMON_HELP}`
  const common = about.withoutSettings ? { help: commonOptions.help } : commonOptions
  return {
    help,
    async execute(args, surroundings) {
      const { terminal } = surroundings
      try {
        const { values: read, positionals } = parseArgs({
          args,
          options: { ...about.options, ...common },
          allowPositionals: about.takesArguments ?? false,
        })
        const given = read as ValuesOf<typeof commonOptions>
        if (given.help) {
          terminal.out(help)
          return EXIT.done
        }
        return await about.run(read, {
          ...surroundings,
          overrides: { DATA_DIR: given['data-dir'], LOG_LEVEL: given['log-level'] },
          envFile: given['env-file'] ?? null,
          args: positionals,
        })
      } catch (cause) {
        if (!isUsage(cause)) throw cause
        terminal.err(`${firstSentence(cause.message)}. See: rollcall ${about.name} --help`)
        return EXIT.usage
      }
    },
  }
}

export interface ReadSettings {
  config: Config
  values: SettingValue[]
  warnings: string[]
  /** The same again, with what is saved in the database. */
  again(saved: Readonly<Record<string, string>>): ConfigResult
}

/** The settings for a command; null after everything wrong with them was told. */
export function settingsFor(
  call: Call,
  overrides: Record<string, string | undefined> = {},
): ReadSettings | null {
  const { env, cwd, envFile } = call
  const again: ReadSettings['again'] = (saved) =>
    readConfig(env, { cwd, envFile, saved, overrides: { ...call.overrides, ...overrides } })
  const read = again({})
  if (read.ok) return { ...read, again }
  for (const problem of read.problems) call.terminal.err(problem)
  return null
}

function isUsage(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS')
}

function firstSentence(message: string): string {
  return message.split(/\.(?:\s|$)/)[0] ?? message
}
