/** Put in by `npm run package`; in a checkout there is neither. */
declare const ROLLCALL_VERSION: string | undefined
declare const ROLLCALL_BUILT: string | undefined

export const version: string = typeof ROLLCALL_VERSION === 'string' ? ROLLCALL_VERSION : 'development'

/** The day this executable was made, as 2026-11-22, or null in a checkout. */
export const builtOn: string | null = typeof ROLLCALL_BUILT === 'string' ? ROLLCALL_BUILT : null
