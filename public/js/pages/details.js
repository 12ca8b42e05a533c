/**
 * The page of a check stays as things are: when something has changed, it is fetched again, but not under the hands
 * of somebody who selects text, has a dialog open or is in the middle of the chart.
 *
 * Marks of its chart are one stop for the Tab key; arrows go from one to the next. What a mark says is shown
 * while it is pointed at or has the focus.
 */
const { begin, openDialog, part, refresh } = window.rollcall

const AGAIN_MS = 3000

begin((root) => {
  for (const page of root.querySelectorAll('[data-details]')) {
    // When only other checks have changed, there are no rows.
    page.addEventListener('live', ({ detail }) => detail.rows.length > 0 && renew(page))
  }
  for (const chart of root.querySelectorAll('[data-chart]')) watch(chart)
})

function renew(page) {
  if (!page.isConnected) return
  if (isInUse()) setTimeout(() => renew(page), AGAIN_MS)
  else void renewed()
}

/** Older events that somebody has asked for stay at their place. */
async function renewed() {
  const had = document.querySelector('table[data-longer]')
  const link = document.querySelector('a[data-older]')
  await refresh()
  const table = document.querySelector('table[data-t=events]')
  if (!had || !table) return
  const body = table.tBodies[0]
  const known = new Set([...body.rows].map((row) => row.dataset.t))
  body.append(...[...had.tBodies[0].rows].filter((row) => !known.has(row.dataset.t)))
  table.dataset.longer = ''
  const place = document.querySelector('a[data-older]')
  if (link) place?.replaceWith(link)
  else place?.remove()
}

function isInUse() {
  if (document.querySelector('dialog[open]')) return true
  if (!getSelection().isCollapsed) return true
  const held = document.activeElement?.closest('[data-mark], input, select, textarea')
  return held !== null && held !== undefined
}

/* ---- who is told ---- */

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-switch]')
  if (!button) return
  event.preventDefault()
  void flip(button)
})

/** The page as it is afterwards has the focus where it was; what went wrong, the browser shows by itself. */
async function flip(button) {
  const csrf = button.form.querySelector('input[name=csrf]').value
  const { state, where } = { state: button.value, where: button.dataset.t }
  const answer = await part(button.formAction, { body: new URLSearchParams({ csrf, state }) }).catch(
    () => null,
  )
  if (answer?.status !== 204) return button.form.requestSubmit(button)
  await refresh()
  document.querySelector(`[data-t="${CSS.escape(where)}"]`)?.focus()
}

/* ---- links from alerts, which name a ping ---- */

function openNamed() {
  const n = /^#ping-(\d+)$/.exec(location.hash)?.[1]
  const page = location.pathname.replace(/details\/?$/, '')
  if (n && page !== location.pathname) openDialog(`${page}pings/${n}/`)
}

addEventListener('hashchange', openNamed)
openNamed()

/* ---- the chart ---- */

function watch(chart) {
  const marks = [...chart.querySelectorAll('[data-mark]')]
  const readout = chart.parentElement.querySelector('[data-readout]')
  let current = marks.length - 1

  for (const [at, mark] of marks.entries()) {
    mark.setAttribute('tabindex', at === current ? '0' : '-1')
    const say = () => (readout.textContent = mark.getAttribute('aria-label'))
    mark.addEventListener('pointerenter', say)
    mark.addEventListener('focus', () => {
      marks[current].setAttribute('tabindex', '-1')
      mark.setAttribute('tabindex', '0')
      current = at
      say()
    })
  }

  chart.addEventListener('keydown', (event) => {
    const to = target(event.key, current, marks.length - 1)
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    marks[to].focus()
  })
}

function target(key, current, last) {
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, current + 1)
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, current - 1)
  if (key === 'Home') return 0
  return key === 'End' ? last : null
}
