import { tooOld } from './commands/node-version'

/** The program: node dist/main.js, or the executable itself. */
async function main(): Promise<void> {
  // Before anything else is loaded, because the SQLite addon would end an older Node without a word.
  const complaint = tooOld(process.versions.node)
  if (complaint !== null) {
    process.stderr.write(`${complaint}\n`)
    process.exit(1)
  }

  const { runProgram } = await import('./commands/program')
  const { processTerminal } = await import('./commands/terminal')
  const terminal = processTerminal()
  const code = await runProgram(process.argv.slice(2), { env: process.env, cwd: process.cwd(), terminal })
  await terminal.flush()
  process.exit(code)
}

void main()
