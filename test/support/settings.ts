import { readConfig, type Config, type ReadOptions } from '../../src/config'

/** Reads settings beside files that exist only here. */
export function readSettings(
  env: Record<string, string>,
  { files = {}, ...options }: Partial<ReadOptions> & { files?: Record<string, string> } = {},
) {
  const readFile = (path: string): string => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' })
    return text
  }
  return readConfig(env, { cwd: '/srv', readFile, ...options })
}

export function configOf(...given: Parameters<typeof readSettings>): Config {
  const result = readSettings(...given)
  if (!result.ok) throw new Error(result.problems.join('\n'))
  return result.config
}

export function problemsOf(...given: Parameters<typeof readSettings>): string[] {
  const result = readSettings(...given)
  return result.ok ? [] : result.problems
}

export function warningsOf(...given: Parameters<typeof readSettings>): string[] {
  const result = readSettings(...given)
  return result.ok ? result.warnings : []
}
