import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Where codes and keys come from, so that tests can own them. */
export interface Random {
  /** A version 4 UUID, lower case. */
  uuid(): string
  bytes(count: number): Buffer
  /** `length` characters of `alphabet`, each with the same chance. */
  text(length: number, alphabet: string): string
}

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  bytes: (count) => randomBytes(count),
  text: (length, alphabet) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
}
