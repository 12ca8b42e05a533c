import { choice, flag, integer, parsed, text, wholeNumber, type Parse } from './syntax'

/** Where larger ping bodies go. */
export interface ObjectsConfig {
  bucket: string
  host: string
  /** Null: the usual one. */
  port: number | null
  secure: boolean
  accessKey: string
  secretKey: string
  /** Null: the storage is asked. */
  region: string | null
  /** Of each operation. */
  timeoutMs: number
  /** `sync`: before the ping is answered. */
  upload: 'async' | 'sync'
  concurrency: number
  /** How much may wait to be moved; what comes beyond stays in the database. */
  spoolLimitBytes: number
}

const SECOND = 1000
const MEGABYTE = 1_000_000

interface Endpoint {
  host: string
  port: number | null
  /** What its scheme says; null without one. */
  secure: boolean | null
}

/** `host[:port]`, with or without a scheme. Empty: null. */
const endpoint: Parse<Endpoint | null> = (given) => {
  if (given.trim() === '') return { value: null }
  const expected = 'use host or host:port, without a path'
  const form = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d+))?\/?$/i
  const [, scheme, host, digits] = form.exec(given.trim()) ?? []
  if (host === undefined) return { expected }
  const port = digits === undefined ? null : wholeNumber(digits, { min: 1, max: 65_535 })
  if (digits !== undefined && port === null) return { expected: 'use a port from 1 to 65535' }
  return {
    value: {
      host: host.replace(/[[\]]/g, '').toLowerCase(),
      port,
      secure: scheme === undefined ? null : scheme.toLowerCase() === 'https',
    },
  }
}

/** The name of a bucket, by the rules that every provider shares. Empty: null. */
const bucket: Parse<string | null> = (given) => {
  if (given.trim() === '') return { value: null }
  const name = given.trim()
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name)
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !isAddress
    ? { value: name }
    : { expected: 'use 3 to 63 lower-case letters, digits, dots and hyphens' }
}

export const objectsSettings = {
  S3_BUCKET: parsed(
    'bucket name',
    { sentence: 'Ping bodies of more than 100 bytes go to this bucket of an S3-compatible storage.' },
    bucket,
  ),
  S3_ENDPOINT: parsed(
    'host:port',
    { sentence: 'Where that storage is; `http://` or `https://` in front decides about TLS.' },
    endpoint,
  ),
  S3_ACCESS_KEY: text({ sentence: 'The access key for the bucket.' }),
  S3_SECRET_KEY: text({ secret: true, sentence: 'The secret key for the bucket.' }),
  S3_REGION: text({ sentence: 'The region of the bucket; without one, the storage is asked.' }),
  S3_SECURE: flag({ default: true, sentence: 'Talks to the storage with TLS.' }),
  S3_TIMEOUT: integer({
    default: 60,
    min: 1,
    max: 600,
    sentence: 'How many seconds each operation of the storage may take.',
  }),
  S3_UPLOAD: choice(['async', 'sync'], {
    default: 'async',
    sentence: '`async` moves bodies to the bucket after the ping was answered, `sync` before.',
  }),
  S3_CONCURRENCY: integer({
    default: 8,
    min: 1,
    max: 100,
    sentence: 'How many bodies are uploaded at once.',
  }),
  S3_SPOOL_LIMIT_MB: integer({
    default: 1024,
    min: 0,
    max: 1_000_000,
    sentence:
      'How many megabytes of bodies may wait to be moved to the bucket; what comes beyond stays in the database.',
  }),
}

interface ObjectsValues {
  S3_BUCKET: string | null
  S3_ENDPOINT: Endpoint | null
  S3_ACCESS_KEY: string
  S3_SECRET_KEY: string
  S3_REGION: string
  S3_SECURE: boolean
  S3_TIMEOUT: number
  S3_UPLOAD: 'async' | 'sync'
  S3_CONCURRENCY: number
  S3_SPOOL_LIMIT_MB: number
}

/** Null without a bucket: all bodies stay in the database. */
export function objectsOf(values: ObjectsValues): ObjectsConfig | null {
  if (values.S3_BUCKET === null || values.S3_ENDPOINT === null) return null
  const { host, port, secure } = values.S3_ENDPOINT
  return {
    bucket: values.S3_BUCKET,
    host,
    port,
    secure: secure ?? values.S3_SECURE,
    accessKey: values.S3_ACCESS_KEY,
    secretKey: values.S3_SECRET_KEY,
    region: values.S3_REGION.trim() || null,
    timeoutMs: values.S3_TIMEOUT * SECOND,
    upload: values.S3_UPLOAD,
    concurrency: values.S3_CONCURRENCY,
    spoolLimitBytes: values.S3_SPOOL_LIMIT_MB * MEGABYTE,
  }
}

/** A bucket alone is not enough to reach it. */
export function missingForBucket(known: Partial<ObjectsValues>): string[] {
  if (!known.S3_BUCKET) return []
  return [
    ...(known.S3_ENDPOINT === null ? ['S3_ENDPOINT'] : []),
    ...(known.S3_ACCESS_KEY === '' ? ['S3_ACCESS_KEY'] : []),
    ...(known.S3_SECRET_KEY === '' ? ['S3_SECRET_KEY'] : []),
  ]
}
