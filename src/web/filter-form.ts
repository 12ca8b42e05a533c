import type { PingRules } from '../actions/filter-input'
import type { Check, Filters } from '../core/check'
import { judged } from '../core/signal'
import type { FormState } from './check-forms'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { FormPage } from './view-models'
import type { Field } from './view-parts'

const WORD_LISTS = [
  { name: 'failure_kw', label: 'Words of a failure', key: 'failWords' },
  { name: 'success_kw', label: 'Words of a success', key: 'successWords' },
  { name: 'start_kw', label: 'Words of a start', key: 'startWords' },
] as const

const SOURCES = [
  { name: 'filter_http_body', label: 'the body of HTTP pings', key: 'httpBody' },
  { name: 'filter_subject', label: 'the subject of e-mails', key: 'subject' },
  { name: 'filter_body', label: 'the text of e-mails', key: 'body' },
] as const

/** The form of C07 of web-ui.md, by the names that the API has for the same. */
export function filterForm({
  trail,
  action,
  cancelUrl,
  form,
  problem,
  tried,
}: FormState & {
  /** What a sample would be taken for; null when none was tried. */
  tried: FormPage['tried']
}): FormPage {
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  return {
    trail,
    action,
    cancelUrl,
    heading: 'Filtering rules',
    intro: 'Which pings count, and as what.',
    hidden: [],
    groups: [
      {
        legend: 'HTTP requests',
        fields: [
          choice(
            form,
            'methods',
            'Methods that count',
            {
              '': 'HEAD, GET, POST, PUT and all others',
              POST: 'only POST',
            },
            'Only POST helps when programs that look for dangerous links open the address.',
          ),
        ],
      },
      {
        legend: 'Look for words in',
        fields: [
          ...SOURCES.map(({ name, label }) =>
            field({ name, label, type: 'tick', value: form[name] === 'true' ? 'true' : '' }),
          ),
          ...WORD_LISTS.map(({ name, label }) =>
            field({
              name,
              label,
              value: form[name] ?? '',
              maxLength: 200,
              isCode: true,
              error: wrong(name),
              help: 'Separated by commas; upper and lower case matter.',
            }),
          ),
          choice(form, 'filter_default_fail', 'If none is found', {
            '': 'the ping is ignored',
            true: 'the ping is a failure',
          }),
        ],
      },
      {
        legend: 'While it is paused',
        fields: [
          choice(form, 'manual_resume', 'A ping', {
            '': 'resumes the check',
            true: 'is ignored until somebody resumes it',
          }),
        ],
      },
      {
        legend: 'Try it',
        fields: [
          field({
            name: 'sample_subject',
            label: 'Subject of a sample',
            value: form['sample_subject'] ?? '',
          }),
          field({
            name: 'sample_body',
            label: 'Body of a sample',
            type: 'area',
            value: form['sample_body'] ?? '',
            help: '“Try it” tells what such a ping would be by what is entered above. Nothing is saved.',
          }),
        ],
      },
    ],
    errors: summaryOf(problem),
    submit: 'Save',
    trySubmit: 'Try it',
    tried: tried ?? null,
    notes: [
      'Words of a failure are looked for first, then those of a success, then those of a start: the first that is found decides. What the address of the ping says does not count then.',
    ],
    placeholders: [],
  }
}

export function filterValues({ postOnly, manualResume, filters }: Check): Form {
  return {
    methods: postOnly ? 'POST' : '',
    manual_resume: manualResume ? 'true' : '',
    filter_default_fail: filters.otherwiseFail ? 'true' : '',
    ...Object.fromEntries(SOURCES.map(({ name, key }) => [name, filters[key] ? 'true' : ''])),
    ...Object.fromEntries(WORD_LISTS.map(({ name, key }) => [name, filters[key]])),
  }
}

export function readRules(form: Form): PingRules {
  const ticked = (name: string): boolean => form[name] === 'true'
  return {
    postOnly: form['methods'] === 'POST',
    manualResume: ticked('manual_resume'),
    filters: {
      httpBody: ticked('filter_http_body'),
      subject: ticked('filter_subject'),
      body: ticked('filter_body'),
      failWords: form['failure_kw'] ?? '',
      successWords: form['success_kw'] ?? '',
      startWords: form['start_kw'] ?? '',
      otherwiseFail: ticked('filter_default_fail'),
    },
  }
}

/** What the sample in the form would be taken for. */
export function tryRules(form: Form): NonNullable<FormPage['tried']> {
  const { filters } = readRules(form)
  const found = judged(filters, { subject: form['sample_subject'] ?? '', body: form['sample_body'] ?? '' })
  if (found === null) {
    return { tone: 'error', text: 'The rules look into nothing, so that what the address says counts.' }
  }
  const words = {
    fail: 'count as failure',
    success: 'count as success',
    start: 'count as start',
    log: '',
    ign: 'be ignored',
  }
  const why = found.word === '' ? 'no keyword matched' : `matched “${found.word}”`
  return { tone: 'success', text: `It would ${words[found.kind]} (${why}).` }
}

/** What is allowed, and hardly meant: C07 of web-ui.md. */
export function warningsAbout(filters: Filters): string[] {
  const isOn = filters.httpBody || filters.subject || filters.body
  const lists = WORD_LISTS.map(({ label, key }) => ({ label, words: wordsOf(filters[key]) }))
  const isEmpty = lists.every(({ words }) => words.length === 0)
  const hidden = lists.flatMap(({ label, words }, i) =>
    lists
      .slice(i + 1)
      .flatMap((later) =>
        later.words
          .filter((word) => words.some((first) => word.includes(first)))
          .map((word) => `“${word}” will never be found, because it is among “${label}” already.`),
      ),
  )
  return [
    ...(isOn && isEmpty && !filters.otherwiseFail ? ['Every ping will be ignored.'] : []),
    ...(isOn ? hidden : []),
  ]
}

function choice(form: Form, name: string, label: string, options: Record<string, string>, help = ''): Field {
  const chosen = form[name] ?? ''
  return field({
    name,
    label,
    type: 'select',
    help,
    value: chosen,
    options: Object.entries(options).map(([value, text]) => ({
      value,
      label: text,
      chosen: value === chosen,
    })),
  })
}

function wordsOf(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
