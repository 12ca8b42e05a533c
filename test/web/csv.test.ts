import { expect, it } from 'vitest'
import { csvLine, fileStem } from '../../src/web/csv'

it('quotes what would break a line of CSV', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', 7, null])).toBe(
    'a,"b,c","say ""hi""","two\nlines",7,\r\n',
  )
})

it.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('lets no spreadsheet run %j', (text) => {
  const line = csvLine([text])
  expect(line.replace(/^"/, '').startsWith("'")).toBe(true)
})

it('leaves numbers as they are', () => {
  expect(csvLine([-5])).toBe('-5\r\n')
})

it('names files safely', () => {
  expect(fileStem({ slug: 'night-ly_1', code: 'c0de' })).toBe('night-ly_1')
  expect(fileStem({ slug: '../"\r\n', code: 'c0de' })).toBe('c0de')
})
