/**
 * Events of a check: new ones come on top of a log (`[data-log]`) that shows the newest, `a[data-older]` puts older
 * ones below those that are there. `a[data-stay]`, which leads to the same page shown in another way, does so without
 * leaving it; `a[data-again]` is followed by itself after so many seconds. What somebody chose by `a[data-remember]`,
 * 'wrap=off', is chosen for them where they are given the choice again; what the address says goes first.
 */
const { added, begin, fill, refresh } = window.rollcall

/** A log that has become so long is fetched anew, and short again. */
const MOST_ROWS = 500

/** Where this browser keeps what somebody likes. */
const STORE = 'rollcall-likes'

/** What is liked was asked for: whatever comes of it, it is not asked for again. */
let isAsked = false

begin((root) => {
  for (const log of root.querySelectorAll('[data-log]')) {
    log.addEventListener('live', ({ detail }) => take(log, detail))
  }
  for (const link of root.querySelectorAll('a[data-again]')) {
    setTimeout(() => link.isConnected && link.click(), Number(link.dataset.again) * 1000)
  }
  chooseAgain(root)
})

/* ---- what comes in ---- */

/** Came in while somebody was selecting text, which must not move. */
let waiting = []

function take(log, news) {
  waiting.push(news)
  if (getSelection().isCollapsed) putWaiting(log)
  // There is more than one answer holds.
  if (news.more) setTimeout(() => window.rollcall.live.now())
}

document.addEventListener('selectionchange', () => {
  const log = document.querySelector('[data-log]')
  if (log && waiting.length > 0 && getSelection().isCollapsed) putWaiting(log)
})

function putWaiting(log) {
  const all = waiting
  waiting = []
  const body = log.tBodies?.[0]
  const isNews = all.some(({ events_html }) => events_html.trim() !== '')
  if (!isNews) return
  if (!body || body.rows.length > MOST_ROWS) return void refresh()
  for (const { events_html } of all) {
    const rows = rowsOf(events_html)
    body.prepend(...rows)
    for (const row of rows) {
      added(row)
      row.classList.add('fresh')
    }
  }
  const shown = document.querySelector('[data-shown]')
  if (shown) shown.textContent = String(body.rows.length)
}

function rowsOf(html) {
  const template = document.createElement('template')
  fill(template, html)
  return [...template.content.children]
}

/* ---- what came before ---- */

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-older], a[data-stay]')
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  // A dialog follows its links itself.
  if (event.defaultPrevented || link.closest('dialog')) return
  if (link.dataset.older) {
    event.preventDefault()
    void older(link)
  } else if (new URL(link.href).pathname === location.pathname) {
    event.preventDefault()
    void stay(link)
  }
})

async function older(link) {
  const body = document.querySelector('[data-t=events] tbody')
  const answer = await window.rollcall.part(link.dataset.older).catch(() => null)
  if (!answer?.ok || !body) return location.assign(link.href)
  const { events_html, before } = await answer.json()
  const rows = rowsOf(events_html)
  body.append(...rows)
  body.parentElement.dataset.longer = ''
  for (const row of rows) added(row)
  // Whoever pressed it goes on from where they were.
  rows[0]?.querySelector('a')?.focus({ preventScroll: true })
  if (before === null) return link.remove()
  for (const name of ['data-older', 'href']) {
    const url = new URL(link.getAttribute(name), location.href)
    url.searchParams.set('before', before)
    link.setAttribute(name, url.href)
  }
}

/* ---- the same page in another way ---- */

async function stay(link) {
  const { href } = link
  const { t } = link.dataset
  await refresh(href)
  history.replaceState(history.state, '', href)
  const again = document.querySelector(`[data-t="${CSS.escape(t ?? '')}"]`)
  again?.focus({ preventScroll: true })
}

/* ---- what somebody likes ---- */

function likes() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '{}')
  } catch {
    return {}
  }
}

addEventListener(
  'click',
  (event) => {
    const [key, value] = event.target.closest('a[data-remember]')?.dataset.remember.split('=') ?? []
    if (!key || !event.isTrusted) return
    try {
      localStorage.setItem(STORE, JSON.stringify({ ...likes(), [key]: value }))
    } catch {
      // Nothing can be kept here.
    }
  },
  true,
)

function chooseAgain(root) {
  const links = [...root.querySelectorAll('a[data-remember]')]
  if (links.length === 0) return
  const liked = likes()
  const isSaid = (key) => !root.closest?.('dialog') && new URLSearchParams(location.search).has(key)
  const wanted = links.filter((link) => {
    const [key, value] = link.dataset.remember.split('=')
    return liked[key] === value && !isSaid(key) && !link.hasAttribute('aria-current')
  })
  if (wanted.length === 0 || isAsked) {
    isAsked = false
    return
  }
  isAsked = true
  const link = document.createElement('a')
  const url = new URL(wanted[0].href)
  for (const { dataset } of wanted) url.searchParams.set(...dataset.remember.split('='))
  link.href = url.href
  link.dataset.stay = ''
  link.hidden = true
  wanted[0].after(link)
  // When all of the page has been begun with.
  setTimeout(() => link.click())
}
