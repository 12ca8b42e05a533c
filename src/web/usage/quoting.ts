/** How addresses are written down in the languages of examples, whatever is in them. */

/** For every shell of Unix; variables in what is added behind are replaced. */
export function inShell(text: string, behind = ''): string {
  if (behind === '') return `'${text.replaceAll("'", String.raw`'\''`)}'`
  return `"${text.replace(/[\\"`$]/g, (special) => `\\${special}`)}${behind}"`
}

/** In a line of a crontab a bare % is the end of the line. */
export function inCrontab(line: string): string {
  return line.replaceAll('%', String.raw`\%`)
}

/** In a unit of systemd: % begins a specifier, $ a variable. */
export function inUnit(text: string): string {
  return text.replaceAll('%', '%%').replaceAll('$', '$$$$')
}

/** Single quotes of PHP, Perl and Ruby, in which nothing is replaced. */
export function inSingleQuotes(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}

export function inPowerShell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Double quotes of Python, JavaScript, Go and C#. */
export function inDoubleQuotes(text: string): string {
  return JSON.stringify(text)
}
