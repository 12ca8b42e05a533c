import type { Terminal } from '../../src/commands/terminal'

/** A terminal that keeps what it is told, and gives these answers when it is asked. */
export function aTerminal({
  answers = null,
  input = '',
}: { answers?: string[] | null; input?: string } = {}) {
  const out: string[] = []
  const err: string[] = []
  const passed: { to: 'out' | 'err'; bytes: Buffer }[] = []
  const terminal: Terminal = {
    out: (line) => void out.push(...line.split('\n')),
    err: (line) => void err.push(...line.split('\n')),
    interactive: answers !== null,
    pass: async (to, bytes) => void passed.push({ to, bytes }),
    ask: async () => answers?.shift() ?? null,
    input: async () => input,
    async *lines() {
      yield input.replace(/\n$/, '').split('\n')
    },
  }
  return { terminal, out, err, passed }
}
