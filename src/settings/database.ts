import { choice, integer, list, parsed, text } from './syntax'

/** Where everything is kept. */
export const databaseSettings = {
  DATA_DIR: text({
    defaultShown: './data; in the container image /data',
    sentence: 'The folder for everything that the server writes.',
  }),
  DB: parsed('sqlite, postgres', { default: 'sqlite', sentence: 'Where everything is kept.' }, (given) => {
    if (given === 'sqlite' || given === 'postgres') return { value: given }
    return /^(mysql|mariadb)$/i.test(given.trim())
      ? { expected: 'not supported; use sqlite or postgres and `rollcall import`' }
      : { expected: 'use sqlite or postgres' }
  }),
  DB_NAME: text({
    defaultShown: 'DATA_DIR/rollcall.sqlite; with PostgreSQL hc',
    sentence:
      'The database: with SQLite a file (a relative path begins in DATA_DIR), with PostgreSQL a name.',
  }),
  DB_SYNCHRONOUS: choice(['FULL', 'NORMAL'], {
    default: 'FULL',
    sentence:
      'With SQLite: FULL keeps every answered ping through a power cut, NORMAL may lose the last ones.',
  }),
  DB_SCHEMA: parsed(
    'name',
    { default: 'rollcall', sentence: 'With PostgreSQL: the schema that holds our tables.' },
    (given) =>
      /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(given)
        ? { value: given }
        : { expected: 'use up to 63 lower-case letters, digits and underscores, not beginning with pg_' },
  ),
  DB_HOST: list(
    'hosts',
    { defaultShown: 'the local socket', sentence: 'PostgreSQL servers, tried in order.' },
    (item) => ({ value: item }),
  ),
  DB_PORT: list(
    'ports',
    { default: '5432', sentence: 'Their ports: one for all of them, or one for each.' },
    (item) => {
      const port = Number(/^\d{1,5}$/.test(item) ? item : 0)
      return port >= 1 && port <= 65_535 ? { value: port } : { expected: 'use ports from 1 to 65535' }
    },
  ),
  DB_USER: text({ default: 'postgres', sentence: 'The PostgreSQL user.' }),
  DB_PASSWORD: text({ secret: true, sentence: 'The password of that user.' }),
  DB_SSLMODE: choice(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'], {
    default: 'prefer',
    sentence: 'How much the connection to PostgreSQL must be protected.',
  }),
  DB_SSLROOTCERT: text({ sentence: 'The file with the certificate that PostgreSQL must be signed with.' }),
  DB_POOL_SIZE: integer({
    default: 10,
    min: 1,
    max: 1000,
    sentence: 'How many connections to PostgreSQL this process may hold.',
  }),
  DB_CONNECT_TIMEOUT: integer({
    default: 60,
    min: 0,
    max: 86_400,
    sentence: 'How many seconds a starting server waits for PostgreSQL.',
  }),
}
