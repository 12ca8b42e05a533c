/**
 * The wallboard: all checks of some projects, worst first, for a screen on a wall. The fragment of the address holds
 * read-only keys and what to call their projects: `#<key>=<label>&<key>=<label>&theme=dark&size=l&only=down,late&cols=4`.
 * It never leaves the browser; keys are sent in a header.
 */
const EVERY_MS = 5000
/** After this the figures are too old to be trusted. */
const STALE_MS = 20_000

const OPTIONS = ['theme', 'size', 'only', 'cols']
const ORDER = ['down', 'late', 'started', 'up', 'new', 'paused']
const WORDS = { down: 'Down', late: 'Late', up: 'Up', new: 'New', paused: 'Paused' }

const board = document.querySelector('[data-tv]')
const [sums, clock, notes, tiles] = ['sums', 'clock', 'notes', 'tiles'].map((name) =>
  board.querySelector(`[data-tv-${name}]`),
)
const settings = [...new URLSearchParams(location.hash.slice(1))]
const options = Object.fromEntries(settings.filter(([name]) => OPTIONS.includes(name)))
const projects = settings
  .filter(([name]) => !OPTIONS.includes(name))
  .map(([key, label]) => ({ key, label, checks: [], okAt: null, isRefused: false }))

if (options.theme === 'dark' || options.theme === 'light')
  document.documentElement.dataset.theme = options.theme
if (/^(s|m|l|xl)$/.test(options.size ?? '')) board.dataset.size = options.size
if (/^[1-8]$/.test(options.cols ?? '')) board.dataset.cols = options.cols
const only = options.only ? new Set(options.only.split(',')) : null

function element(name, className, text = '') {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}

function shape(status) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `${board.dataset.icons}#${status}`)
  svg.append(use)
  return svg
}

/** 'grace' is what the API calls late. */
const statusOf = ({ status }) => (status === 'grace' ? 'late' : status)

function ago(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000))
  const [size, unit] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ].find(([size]) => seconds >= size) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${unit} ago`
}

function tile(check, label) {
  const status = statusOf(check)
  const item = element('li', `tv-tile tone-${status}`)
  const head = element('p', 'tv-status')
  head.append(shape(status), element('span', '', check.started ? `${WORDS[status]}, running` : WORDS[status]))
  const took = check.last_duration ? ` · took ${check.last_duration} s` : ''
  const last = check.last_ping ? `last ping ${ago(check.last_ping)}${took}` : 'never pinged'
  item.append(
    head,
    element('h2', '', check.name || 'unnamed'),
    element('p', 'muted', projects.length > 1 ? `${label} · ${last}` : last),
  )
  return item
}

async function ask(project) {
  try {
    const answer = await fetch(board.dataset.tv, {
      headers: { 'X-Api-Key': project.key },
      signal: AbortSignal.timeout(10_000),
    })
    project.isRefused = answer.status === 401
    if (!answer.ok) return
    project.checks = (await answer.json()).checks
    project.okAt = Date.now()
  } catch {
    // Nothing came: the note about old figures says so.
  }
}

function show() {
  const all = projects.flatMap(({ checks, label }) => checks.map((check) => ({ check, label })))
  const names = new Intl.Collator(undefined, { numeric: true })
  const sorted = all.toSorted(
    (a, b) =>
      ORDER.indexOf(statusOf(a.check)) - ORDER.indexOf(statusOf(b.check)) ||
      names.compare(a.check.name, b.check.name),
  )
  tiles.replaceChildren(
    ...sorted
      .filter(({ check }) => !only || only.has(statusOf(check)))
      .map(({ check, label }) => tile(check, label)),
  )
  const counts = Map.groupBy(all, ({ check }) => statusOf(check))
  sums.textContent = ORDER.filter((status) => counts.has(status))
    .map((status) => `${counts.get(status).length} ${status}`)
    .join(' · ')
  const down = counts.get('down')?.length ?? 0
  document.title = down > 0 ? `${down} down – Wallboard` : 'Wallboard'
  notes.replaceChildren(...projects.flatMap(problem))
}

function problem({ label, isRefused, okAt }) {
  if (isRefused) return [element('p', 'note error', `${label || 'A project'}: the key was refused.`)]
  if (okAt !== null && Date.now() - okAt < STALE_MS) return []
  const since =
    okAt === null
      ? 'nothing was received yet'
      : `the last figures are from ${new Date(okAt).toLocaleTimeString()}`
  return [element('p', 'note warning', `Not live. ${label || 'A project'}: ${since}. Trying again…`)]
}

function tick() {
  clock.textContent = new Date().toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

async function turn() {
  await Promise.all(projects.map(ask))
  show()
  setTimeout(() => void turn(), EVERY_MS)
}

tick()
setInterval(tick, 1000)
if (projects.length === 0) {
  notes.append(
    element('p', 'note info', 'Add a read-only key behind the address: /tv/#key=Name of the project'),
  )
} else void turn()
