import { lockDataDir } from '../../src/store/lock'

// A process of its own for the tests of the lock: asks for it, tells what it got, and stays.
process.send?.(lockDataDir(process.argv[2] ?? ''))
process.on('disconnect', () => process.exit())
