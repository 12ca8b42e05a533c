import type { Terminal } from '../../src/commands/terminal'

/** A terminal that keeps what it is told, and gives these answers when it is asked. */
export function aTerminal({
  answers = null,
  input = '',
}: { answers?: string[] | null; input?: string } = {}) {
  const out: string[] = []
  const err: string[] = []
  const terminal: Terminal = {
    out: (line) => void out.push(...line.split('\n')),
    err: (line) => void err.push(...line.split('\n')),
    interactive: answers !== null,
    ask: async () => answers?.shift() ?? null,
    input: async () => input,
  }
  return { terminal, out, err }
}
