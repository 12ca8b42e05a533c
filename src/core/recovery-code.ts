/** Codes for whoever has lost the second step: spec/web-ui.md A21. 'xxxx-xxxx-xxxx', 60 bits. */

export const RECOVERY_CODES = 10

/** Without i, l, o and u: 32 characters that are hard to take for each other. */
export const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
export const RECOVERY_LENGTH = 12

export function shownRecoveryCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-')
}

/** As it was typed: any case, with or without dashes; what looks alike is the same. */
export function bareRecoveryCode(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
}
