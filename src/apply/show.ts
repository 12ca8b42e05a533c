import type { Plan } from './apply'
import type { Change, Step } from './step'

const SIGNS = { create: '+', change: '~', remove: '-', leave: '?', same: '=' } as const

const MOST_CHARACTERS = 80

/** A plan for people, line by line. What stays the same is only counted. */
export function showPlan({ projects, strangers }: Plan): string[] {
  const steps = projects.flatMap(({ plan }) => plan.steps)
  const count = (act: Step['act']): number => steps.filter((step) => step.act === act).length
  const left = count('leave')
  return [
    ...projects.flatMap(({ plan: { name, owner, steps: own } }) => {
      const lines = own.filter(({ act, note }) => act !== 'same' || note !== undefined).flatMap(showStep)
      return lines.length === 0 ? [] : [owner === '' ? name : `${name} (${owner})`, ...lines, '']
    }),
    `${count('create')} to create, ${count('change')} to change, ${count('remove')} to remove, ${count('same')} as they should be.`,
    ...(left === 0
      ? []
      : [
          `${left} not in the file ${left === 1 ? 'is' : 'are'} left alone (marked ?); --prune removes ${left === 1 ? 'it' : 'them'}.`,
        ]),
    ...(strangers.length === 0 ? [] : [`Not in the file, and never touched: ${strangers.join(', ')}.`]),
  ]
}

function showStep({ act, what, changes, note }: Step): string[] {
  const said = note === undefined ? '' : `   ${note}`
  return [`  ${SIGNS[act]} ${what}${said}`, ...changes.map((change) => `      ${showChange(act, change)}`)]
}

function showChange(act: Step['act'], { field, from, to }: Change): string {
  if (act === 'create') return `${field}: ${shown(to)}`
  return from === to ? `${field}: another` : `${field}: ${shown(from)} -> ${shown(to)}`
}

function shown(value: string | null): string {
  if (value === null) return 'none'
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  const text = value === '' || /[\u0000-\u001f\u007f"]/.test(value) ? JSON.stringify(value) : value
  const characters = Array.from(text)
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : text
}
