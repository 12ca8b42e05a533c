import { describe, expect, it } from 'vitest'
import { configOf, problemsOf } from '../support/settings'

const BUCKET = {
  S3_BUCKET: 'bodies',
  S3_ENDPOINT: 's3.example.org',
  S3_ACCESS_KEY: 'me',
  S3_SECRET_KEY: 'hush',
}

describe('object storage', () => {
  it('is off without a bucket', () => {
    expect(configOf({ S3_ENDPOINT: 's3.example.org', S3_ACCESS_KEY: 'me' }).objects).toBeNull()
  })

  it('has the values of the specification when a bucket and the way to it are given', () => {
    expect(configOf(BUCKET).objects).toEqual({
      bucket: 'bodies',
      host: 's3.example.org',
      port: null,
      secure: true,
      accessKey: 'me',
      secretKey: 'hush',
      region: null,
      timeoutMs: 60_000,
      upload: 'async',
      concurrency: 8,
      spoolLimitBytes: 1_024_000_000,
    })
  })

  it.each([
    ['minio:9000', 'False', { host: 'minio', port: 9000, secure: false }],
    ['http://minio:9000/', 'True', { host: 'minio', port: 9000, secure: false }],
    ['https://S3.example.org', 'False', { host: 's3.example.org', port: null, secure: true }],
    ['[::1]:9000', 'False', { host: '::1', port: 9000, secure: false }],
  ])('at %s, S3_SECURE=%s', (S3_ENDPOINT, S3_SECURE, expected) => {
    expect(configOf({ ...BUCKET, S3_ENDPOINT, S3_SECURE }).objects).toMatchObject(expected)
  })

  it.each(['https://example.org/bodies', 'example.org:0', 'ftp://example.org', 'a b'])(
    'is refused at %s',
    (S3_ENDPOINT) => {
      expect(problemsOf({ ...BUCKET, S3_ENDPOINT })[0]).toContain('S3_ENDPOINT')
    },
  )

  it.each(['Bodies', 'ab', '10.0.0.1', 'a..b', '-ab'])('refuses the bucket %s', (S3_BUCKET) => {
    expect(problemsOf({ ...BUCKET, S3_BUCKET })[0]).toContain('S3_BUCKET')
  })

  it('names everything that a bucket lacks', () => {
    expect(problemsOf({ S3_BUCKET: 'bodies', S3_ACCESS_KEY: 'me' })).toEqual([
      'S3_BUCKET is set without S3_ENDPOINT, S3_SECRET_KEY: set all of them, or no bucket',
    ])
  })
})
