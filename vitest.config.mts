import { defineConfig } from 'vitest/config'

/** Needs the packaged file, so it has a script of its own. */
const EXECUTABLE = 'test/executable.test.ts'
/** Long by nature, so it has a script of its own. */
const TORTURE = 'test/torture/**'

/** Needs a real object storage, which `scripts/swift.sh` starts. */
const S3 = 'test/s3/**'

const databases = ['test/support/global-setup.ts']

export default defineConfig({
  test: {
    // By default one core is left for the terminal, which on a small machine means that one works.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'suite',
          include: ['test/**/*.test.ts'],
          exclude: [EXECUTABLE, TORTURE, S3, 'test/browser/**'],
          // Loading the program anew for each file took a third of the time; no test needs that.
          isolate: false,
          globalSetup: databases,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: databases,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 's3',
          include: [`${S3}/*.test.ts`],
          globalSetup: databases,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'executable',
          include: [EXECUTABLE],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
