/**
 * The page of a check stays as things are: when something has changed, it is fetched again, but not under the hands
 * of somebody who selects text, has a dialog open or is in the middle of the chart.
 */
const { begin, refresh } = window.rollcall

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
