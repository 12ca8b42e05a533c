/** Measured values by one name, as Prometheus reads them: text format 0.0.4. */
export interface Family {
  name: string
  help: string
  type: 'gauge' | 'counter' | 'histogram'
  samples: readonly Sample[]
}

export interface Sample {
  /** What follows the name, such as '_bucket'. */
  suffix?: string
  labels?: Readonly<Record<string, string>>
  value: number
}

export const PLAIN_TEXT = 'text/plain'
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8'

/** Families are separated by an empty line, labels by a comma and a blank: spec/management-api.md [M54]. */
export function exposition(families: readonly Family[]): string {
  return families.map(written).join('\n')
}

function written({ name, help, type, samples }: Family): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
  for (const { suffix = '', labels = {}, value } of samples) {
    lines.push(`${name}${suffix}${inBraces(labels)} ${number(value)}`)
  }
  return `${lines.join('\n')}\n`
}

function inBraces(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(', ')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}

function number(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}
