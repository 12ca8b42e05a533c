import { randomUUID } from 'node:crypto'
import type { ObjectsConfig } from '../../src/config'
import { configOf } from '../support/settings'

/** The settings of the storage that TEST_S3_ENDPOINT names, in a bucket that nobody has made yet. */
export function realS3(): ObjectsConfig {
  const config = configOf(realS3Settings()).objects
  if (config === null) throw new Error('TEST_S3_ENDPOINT is empty')
  return config
}

export function realS3Settings(): Record<string, string> {
  const {
    TEST_S3_ENDPOINT: endpoint,
    TEST_S3_ACCESS_KEY: accessKey,
    TEST_S3_SECRET_KEY: secretKey,
  } = process.env
  if (!endpoint || !accessKey || !secretKey) {
    throw new Error('Set TEST_S3_ENDPOINT, TEST_S3_ACCESS_KEY and TEST_S3_SECRET_KEY, or use npm run test:s3')
  }
  return {
    S3_BUCKET: `rollcall-${randomUUID()}`,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY: accessKey,
    S3_SECRET_KEY: secretKey,
    S3_REGION: 'us-east-1',
  }
}
