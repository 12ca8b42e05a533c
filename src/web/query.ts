import type { Request } from 'express'

/** All values of a parameter of the address, however it was written. */
export function valuesOf(request: Request, name: string): string[] {
  const value: unknown = request.query[name]
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((each) => typeof each === 'string' && each !== '').map(String)
}

/** The first value, or ''. */
export function valueOf(request: Request, name: string): string {
  return valuesOf(request, name)[0] ?? ''
}

/** The first value as a number within limits; what is no number is the lower limit. */
export function numberOf(request: Request, name: string, least: number, most: number): number {
  const value = valueOf(request, name)
  return /^\d{1,9}$/.test(value) ? Math.min(Math.max(Number(value), least), most) : least
}

/** All of them, as `URLSearchParams`: for what is also read from a parameter that holds a whole query. */
export function queryOf({ originalUrl }: Request): URLSearchParams {
  const at = originalUrl.indexOf('?')
  return new URLSearchParams(at === -1 ? '' : originalUrl.slice(at))
}
