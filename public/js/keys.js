/**
 * Single keys for those who like them: web-ui.md §2.7. They do nothing that a visible control does not, nothing
 * while something is typed, and nothing at all with `data-shortcuts="off"` on the document.
 */
const { openDialog } = window.rollcall

/** How long the second key of a pair may take. */
const PAIR_MS = 1500

const site = document.documentElement.dataset.root ?? ''
const { code: project } = document.body.dataset

const CHECK_PARTS = { e: 'name', t: 'timeout', f: 'filtering_rules', u: 'usage' }

const PLACES = {
  h: `${site}/`,
  a: `${site}/checks/`,
  d: `${site}/docs/`,
  ...(project && {
    c: `${site}/projects/${project}/checks/`,
    i: `${site}/projects/${project}/integrations/`,
    s: `${site}/projects/${project}/settings/`,
  }),
}

let first = ''
let firstAt = -Infinity

addEventListener('keydown', (event) => {
  if (document.documentElement.dataset.shortcuts === 'off') return
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
  const { target, key } = event
  if (key === 'Escape' && target.type === 'search') return target.blur()
  if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')) return
  const dialog = document.querySelector('dialog[open]')
  const link = ofPing(dialog ?? document.querySelector('main'), key)
  if (link) {
    event.preventDefault()
    return link.click()
  }
  if (dialog) return
  const isSecond = performance.now() - firstAt < PAIR_MS
  const done = isSecond ? pair(first + key) : single(key, event)
  first = ''
  firstAt = -Infinity
  if (!isSecond && (key === 'g' || key === '*')) {
    first = key
    firstAt = performance.now()
  }
  if (done) event.preventDefault()
})

/** From one ping to the next, and from one view of its body to another. */
function ofPing(root, key) {
  const neighbour = { '[': 'older', ']': 'newer' }[key]
  if (neighbour) return root.querySelector(`[data-t=${neighbour}]`)
  return /^[1-4]$/.test(key) ? root.querySelectorAll('[data-t^=body-tab-]')[key - 1] : null
}

function pair(keys) {
  if (keys[0] === 'g') return PLACES[keys[1]] !== undefined && go(PLACES[keys[1]])
  const wanted = { '*a': () => true, '*n': () => false, '*d': (row) => row.classList.contains('tone-down') }[
    keys
  ]
  if (!wanted) return false
  for (const row of rows()) select(row, wanted(row))
  return true
}

function single(key, event) {
  switch (key) {
    case '?':
      return openDialog(`${site}/docs/shortcuts/`)
    case '/':
      return focus(document.querySelector('main input[type=search]'))
    case 'n':
      return project ? openDialog(`${site}/projects/${project}/checks/add/`) : false
    case 'j':
    case 'ArrowDown':
      return step(1, key)
    case 'k':
    case 'ArrowUp':
      return step(-1, key)
    case 'o':
      return nameOf(current()) ? go(nameOf(current()).href) : false
    case 'x':
    case 'X':
      return current() ? pick(current(), event.shiftKey) : false
    case 'y':
      return press(
        document.querySelector(current() ? `[data-t="row-${checkOf()}"] [data-copy]` : 'main [data-copy]'),
      )
    case 'p':
      return checkOf()
        ? press(
            within('form[data-ask] button') ??
              within(`a[href$="/${checkOf()}/pause/"], a[href$="/${checkOf()}/resume/"]`),
          )
        : false
    case 'l':
      return checkOf() ? go(`${site}/checks/${checkOf()}/log/`) : false
    case 'Escape':
      press(document.querySelector('[data-unselect]'))
      return false
    case 'r':
      // Whoever polls the page listens to this and asks at once.
      return document.dispatchEvent(new Event('refresh-now'))
    default:
      return CHECK_PARTS[key] && checkOf()
        ? openDialog(`${site}/checks/${checkOf()}/${CHECK_PARTS[key]}/`)
        : false
  }
}

const rows = () => [...document.querySelectorAll('tr[data-t^="row-"]')]
const current = () => document.activeElement?.closest('tr[data-t^="row-"]') ?? null
const nameOf = (row) => row?.querySelector('[data-t^="open-"]') ?? null
const within = (selector) => (current() ?? document.querySelector('main')).querySelector(selector)

/** The check of the row that has the focus, or of the page. */
function checkOf() {
  return (
    current()?.dataset.t.slice('row-'.length) ??
    /\/checks\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1] ??
    ''
  )
}

function step(by, key) {
  const all = rows()
  // Without a row that has the focus the arrows scroll, as everywhere.
  if (all.length === 0 || (key.startsWith('Arrow') && !current())) return false
  const at = all.indexOf(current())
  return focus(nameOf(all[Math.min(Math.max(at + by, 0), all.length - 1)]))
}

let anchor = null

function pick(row, isRange) {
  const all = rows()
  const isOn = !box(row)?.checked
  const [from, to] =
    isRange && anchor
      ? [all.indexOf(anchor), all.indexOf(row)].toSorted((a, b) => a - b)
      : [all.indexOf(row), all.indexOf(row)]
  for (const each of all.slice(from, to + 1)) select(each, isRange ? true : isOn)
  anchor = row
  return true
}

const box = (row) => row.querySelector('input[type=checkbox]')

function select(row, isOn) {
  const tick = box(row)
  if (!tick || tick.checked === isOn) return
  tick.checked = isOn
  tick.dispatchEvent(new Event('change', { bubbles: true }))
}

function focus(element) {
  element?.focus()
  return Boolean(element)
}

function press(element) {
  element?.click()
  return Boolean(element)
}

function go(address) {
  location.assign(address)
  return true
}
