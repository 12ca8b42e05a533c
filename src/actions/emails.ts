const MAX_EMAIL = 254

/** What is wrong with the address of an account, or null. `email` in lower case, without blanks around it. */
export function emailProblem(email: string): string | null {
  if (email.length > MAX_EMAIL) return `The address is too long (${MAX_EMAIL} characters at most).`
  return /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+\.[^\s@.]+$/.test(email)
    ? null
    : 'Enter an e-mail address like name@example.org.'
}
