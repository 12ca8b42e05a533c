import { describe, expect, it } from 'vitest'
import { expressionProblem, kindOf } from '../../src/core/schedule-problem'
import vectors from '../vectors/invalid-schedules.json'

describe('expressions that are refused', () => {
  it.each(vectors.cron)('cron: $s', ({ s, err }) => {
    expect(expressionProblem('cron', s)?.fault).toBe(err)
    expect(expressionProblem(kindOf(s), s)).not.toBeNull()
  })

  it.each(vectors.oncalendar)('OnCalendar: $s', ({ s, err }) => {
    expect(expressionProblem('oncalendar', s)?.fault).toBe(err)
    expect(expressionProblem(kindOf(s), s)).not.toBeNull()
  })
})

describe('expressions that look wrong and are accepted', () => {
  it.each(vectors.accepted)('$kind: $s', ({ s, kind }) => {
    expect(kindOf(s)).toBe(kind)
    expect(expressionProblem(kindOf(s), s)).toBeNull()
  })
})
