/**
 * The page of a check stays as things are: when something has changed, it is fetched again, but not under the hands
 * of somebody who selects text, has a dialog open or is in the middle of the chart.
 */
const { begin, openDialog, part, refresh } = window.rollcall

const AGAIN_MS = 3000

begin((root) => {
  for (const page of root.querySelectorAll('[data-details]')) {
    page.addEventListener('live', () => renew(page))
  }
})

function renew(page) {
  if (!page.isConnected) return
  if (isInUse()) setTimeout(() => renew(page), AGAIN_MS)
  else void refresh()
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
