/** Where references in a file lead. */
export interface Secrets {
  env: Readonly<Record<string, string | undefined>>
  /** The content of a file, or throws. */
  read(path: string): string
}

/** Text of a file with its references followed. */
export interface Words {
  /** Null: an environment variable is not set. */
  text: string | null
  /** Something of it came from elsewhere, so it is not shown. */
  isSecret: boolean
  /** The variables that are not set. */
  missing: string[]
}

const REFERENCE = /\$\$\{|\$\{(?:file:([^}]+)|([A-Za-z_][A-Za-z0-9_]*))\}/g

/**
 * `${NAME}` is a variable of the environment, `${file:/path}` the content of a file without the line end,
 * and `$${` stands for `${` itself. Throws a sentence when a file cannot be read.
 */
export function follow(written: string, { env, read }: Secrets): Words {
  const missing: string[] = []
  let isSecret = false
  const text = written.replace(REFERENCE, (all, path: string | undefined, name: string | undefined) => {
    if (all === '$${') return '${'
    isSecret = true
    if (path !== undefined) return contentOf(path, read)
    const value = env[name ?? '']
    if (value === undefined) missing.push(name ?? '')
    return value ?? ''
  })
  return { text: missing.length > 0 ? null : text, isSecret, missing }
}

/** Text that means itself: nothing in it is taken for a reference. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function contentOf(path: string, read: Secrets['read']): string {
  try {
    return read(path).replace(/\r?\n$/, '')
  } catch (cause) {
    throw new UnreadableFile(
      `Error reading ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

export class UnreadableFile extends Error {}
