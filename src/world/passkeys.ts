import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'

/** What a browser is asked, and whether what it answers is true: https://www.w3.org/TR/webauthn-3/ */
export interface PasskeyCeremonies {
  /** What a browser needs to make a passkey. */
  creation(about: {
    challenge: string
    siteName: string
    user: { handle: string; email: string }
    known: readonly KnownKey[]
  }): Promise<object>
  /** The passkey that was made, or null when the answer is not right. */
  made(answer: string, about: Expected): Promise<MadeKey | null>
  /** What a browser needs to show a passkey; without `known`, it offers those that it has. */
  request(about: { challenge: string; known: readonly KnownKey[]; insists: boolean }): Promise<object>
  /** Which key an answer claims to be from; null when it is no answer at all. */
  claimed(answer: string): string | null
  /** How often the key was used by now, as it says; null when the answer is not right. `insists`: on its owner. */
  shown(answer: string, about: Expected & { key: StoredKey; insists: boolean }): Promise<number | null>
}

export interface KnownKey {
  credentialId: string
  transports: readonly string[]
}

export interface StoredKey extends KnownKey {
  publicKey: string
  counter: number
}

export interface MadeKey extends StoredKey {
  discoverable: boolean
}

export interface Expected {
  /** Whether we asked this. */
  isChallenge: (challenge: string) => Promise<boolean>
  origin: string
}

/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257]

/** Loaded when it is first needed, because a start must not wait for it. */
const library = () => import('@simplewebauthn/server')

/** `rpId`: the domain that all passkeys of this site are for. */
export function passkeyCeremonies(rpId: string): PasskeyCeremonies {
  return {
    async creation({ challenge, siteName, user, known }) {
      const { generateRegistrationOptions } = await library()
      return generateRegistrationOptions({
        rpName: siteName,
        rpID: rpId,
        userID: new Uint8Array(Buffer.from(user.handle, 'hex')),
        userName: user.email,
        challenge,
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: known.map(toDescriptor),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      })
    },

    async made(answer, { isChallenge, origin }) {
      const response = parsed<RegistrationResponseJSON>(answer)
      if (response === null) return null
      const { verifyRegistrationResponse } = await library()
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response,
          expectedChallenge: (encoded) => isChallenge(fromBase64Url(encoded)),
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: false,
          supportedAlgorithmIDs: ALGORITHMS,
        })
        if (!verified || registrationInfo === undefined) return null
        const { credential } = registrationInfo
        return {
          credentialId: credential.id,
          publicKey: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          transports: (credential.transports ?? []).filter((each) => /^[\w-]{1,20}$/.test(each)),
          discoverable: response.clientExtensionResults?.credProps?.rk === true,
        }
      } catch {
        // Whatever is wrong with it, it is not the key that we asked for.
        return null
      }
    },

    async request({ challenge, known, insists }) {
      const { generateAuthenticationOptions } = await library()
      return generateAuthenticationOptions({
        rpID: rpId,
        challenge,
        allowCredentials: known.map(toDescriptor),
        userVerification: insists ? 'required' : 'preferred',
      })
    },

    claimed: (answer) => parsed<AuthenticationResponseJSON>(answer)?.id ?? null,

    async shown(answer, { isChallenge, origin, key, insists }) {
      const response = parsed<AuthenticationResponseJSON>(answer)
      if (response === null) return null
      const { verifyAuthenticationResponse } = await library()
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response,
          expectedChallenge: (encoded) => isChallenge(fromBase64Url(encoded)),
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: insists,
          credential: {
            id: key.credentialId,
            publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')),
            counter: key.counter,
          },
        })
        return verified ? authenticationInfo.newCounter : null
      } catch {
        return null
      }
    },
  }
}

/** Longer answers come from no browser. */
const MAX_ANSWER = 20_000

function parsed<T extends { id: string }>(answer: string): T | null {
  if (answer.length > MAX_ANSWER) return null
  try {
    const value: unknown = JSON.parse(answer)
    const isAnswer =
      typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    return isAnswer ? (value as T) : null
  } catch {
    return null
  }
}

function toDescriptor({ credentialId, transports }: KnownKey) {
  return { id: credentialId, transports: transports as AuthenticatorTransport[] }
}

function fromBase64Url(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8')
}
