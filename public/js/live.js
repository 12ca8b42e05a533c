/**
 * Keeps a page as things are. An element with `data-poll` names the address that is asked, and in `data-version`
 * the answer that the page was made from (`versions.of` in src/web/polls.ts). Whenever something has changed, the
 * element gets an event `live` whose `detail` is the answer; what is in `detail.summary`, the title, the tab's
 * picture and the sums in the header, is put right here. So is the bar that says when a page is not live: until it
 * is again, `data-stale` on the root element has status shapes drawn hatched.
 *
 *   <section data-poll="/checks/…/status/" data-version="0a1b…">
 *   section.addEventListener('live', ({ detail }) => …)
 *
 * `rollcall.live.now()` asks at once; `rollcall.live.announce('down', name)` says so to those who cannot see it, and
 * `announce('news', sentence)` whatever else there is to say.
 */
const { begin, say } = window.rollcall

const SECOND = 1000
const PATIENCE_MS = 10 * SECOND
/** How often, while somebody works with the page, while it is only in sight, and while it is hidden. */
const BUSY_MS = 5 * SECOND
const IDLE_MS = 30 * SECOND
const HIDDEN_MS = 60 * SECOND
const BUSY_FOR_MS = 300 * SECOND
/** How long to wait after each failure in turn. */
const WAITS_MS = [5, 10, 20, 40, 60].map((each) => each * SECOND)
/** From when on what is shown cannot be trusted. */
const STALE_FAILURES = 2
const STALE_MS = 90 * SECOND
const ANNOUNCE_MS = 10 * SECOND
const MOST_NAMES = 5

let lastInputAt = Date.now()
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(kind, () => (lastInputAt = Date.now()), { passive: true })
}

let current = null

begin((root) => {
  const element = root.querySelector('[data-poll]')
  if (!element) return
  current?.stop()
  current = poller(element)
})

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) current?.ask()
})
addEventListener('online', () => current?.ask())
document.addEventListener('refresh-now', () => current?.ask())

function poller(element) {
  let { version = '' } = element.dataset
  let failures = 0
  let lastAt = Date.now()
  let isAsking = false
  let timer = setTimeout(() => void ask(), pause())
  const watch = setInterval(() => {
    if (Date.now() - lastAt > STALE_MS) goStale(lastAt)
  }, BUSY_MS)

  function stop() {
    clearTimeout(timer)
    clearInterval(watch)
    freshen()
  }

  async function ask() {
    if (isAsking) return
    if (!element.isConnected) return stop()
    clearTimeout(timer)
    isAsking = true
    try {
      await take(
        await fetch(element.dataset.poll, {
          headers: { 'X-Fragment': '1', 'If-None-Match': `"${version}"` },
          signal: AbortSignal.timeout(PATIENCE_MS),
        }),
      )
    } catch {
      failed()
    }
    isAsking = false
  }

  async function take(answer) {
    if (answer.status === 401) return end('Your session has ended.', 'Sign in again')
    if (answer.status === 403 || answer.status === 404) return end('You no longer have access.')
    if (answer.status === 429) return rest(Number(answer.headers.get('retry-after')))
    if (answer.status !== 304 && !answer.ok) return failed()
    const news = answer.status === 304 ? null : await answer.json()
    failures = 0
    lastAt = Date.now()
    freshen()
    timer = setTimeout(() => void ask(), pause())
    if (news === null || !element.isConnected) return
    version = news.version
    if (news.summary) summarize(news.summary)
    element.dispatchEvent(new CustomEvent('live', { detail: news }))
  }

  function failed() {
    timer = setTimeout(() => void ask(), WAITS_MS[Math.min(failures, WAITS_MS.length - 1)])
    failures += 1
    if (failures >= STALE_FAILURES) goStale(lastAt)
  }

  /** It was asked too often, by this page or others of the same session. */
  function rest(seconds) {
    timer = setTimeout(() => void ask(), Math.max((seconds || 1) * SECOND, 2 * pause()))
  }

  /** Asking again would not help. What is shown stays, and is marked as old. */
  function end(text, again) {
    stop()
    current = null
    const link = document.createElement('a')
    link.textContent = again ?? ''
    const root = document.documentElement.dataset.root ?? ''
    link.href = `${root}/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`
    stale([text, ' ', link])
  }

  function pause() {
    const usual = document.hidden ? HIDDEN_MS : Date.now() - lastInputAt < BUSY_FOR_MS ? BUSY_MS : IDLE_MS
    return usual * (0.9 + Math.random() / 5)
  }

  return { ask, stop }
}

/* ---- whether the page can be trusted ---- */

let bar = null
/** A drawing, and for browsers that show none the same as pixels. */
const pictures = [...document.querySelectorAll('link[rel=icon]')]
const DRAWING = 'image/svg+xml'
let shownPicture = pictures
  .find(({ type }) => type === DRAWING)
  ?.href.split('/')
  .at(-1)

/** `name`: the last part of its address, as the server names it: 'down-3.svg'. */
function showPicture(name) {
  const root = document.documentElement.dataset.root ?? ''
  for (const link of pictures) {
    const file = link.type === DRAWING ? name : name.replace(/-.*/, '.png')
    link.href = `${root}/static/fav/${file}`
  }
}

function goStale(lastAt) {
  if (bar) return
  const retry = document.createElement('button')
  retry.type = 'button'
  retry.className = 'button slight'
  retry.textContent = 'Retry now'
  retry.dataset.t = 'retry'
  retry.addEventListener('click', () => current?.ask())
  const time = new Date(lastAt).toLocaleTimeString([], { hour12: false })
  stale([`Not live. Last update ${time}. Trying again… `, retry])
}

function stale(content) {
  bar?.remove()
  bar = document.createElement('div')
  bar.className = 'note warning stale'
  bar.role = 'alert'
  bar.dataset.t = 'stale-bar'
  const words = document.createElement('span')
  words.append(...content)
  bar.append(words)
  document.querySelector('main').before(bar)
  document.documentElement.dataset.stale = ''
  showPicture('unknown-0.svg')
}

function freshen() {
  if (!bar) return
  bar.remove()
  bar = null
  delete document.documentElement.dataset.stale
  if (shownPicture) showPicture(shownPicture)
}

/* ---- what every page shows ---- */

function summarize({ title, fav, sums }) {
  if (title) document.title = title
  if (fav) {
    shownPicture = fav
    showPicture(fav)
  }
  const icon = document.querySelector('main use, header use')
  if (!sums || !icon) return
  const sprite = icon.getAttribute('href').split('#')[0]
  placeOfSums()?.replaceChildren(...sums.map((sum) => summed(sum, sprite)))
}

/** It is not there while there is nothing to say. */
function placeOfSums() {
  const known = document.querySelector('.sums')
  const aside = document.querySelector('.head .aside')
  if (known || !aside) return known
  const place = document.createElement('nav')
  place.className = 'sums'
  place.setAttribute('aria-label', 'Checks by status')
  aside.before(place)
  return place
}

function summed({ status, text, url, isLoud }, sprite) {
  const link = document.createElement('a')
  link.href = url
  link.className = `tone-${status}${isLoud ? ' loud' : ''}`
  link.append(window.rollcall.live.icon(sprite, status), text)
  return link
}

const waiting = { down: [], up: [], news: [] }
let announcedAt = 0
let announcing

function announce(what, name) {
  waiting[what].push(name)
  announcing ??= setTimeout(announceAll, Math.max(0, announcedAt + ANNOUNCE_MS - Date.now()))
}

function announceAll() {
  announcing = undefined
  announcedAt = Date.now()
  const { down, up, news } = waiting
  const sentences = [...news]
  if (down.length > 0) sentences.push(`${countOf(down)} went down${namesOf(down)}.`)
  if (up.length > 0) sentences.push(`${countOf(up)} recovered${namesOf(up)}.`)
  waiting.down = []
  waiting.up = []
  waiting.news = []
  if (sentences.length > 0) say(sentences.join(' '))
}

function countOf(names) {
  return names.length === 1 ? '1 check' : `${String(names.length)} checks`
}

function namesOf(names) {
  return names.length > MOST_NAMES ? '' : `: ${names.join(', ')}`
}

const SVG = 'http://www.w3.org/2000/svg'

window.rollcall.live = {
  now: () => current?.ask(),
  announce,

  /** A symbol of the sprite. */
  icon(sprite, name, className = 'icon') {
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('class', className)
    svg.setAttribute('aria-hidden', 'true')
    const use = document.createElementNS(SVG, 'use')
    use.setAttribute('href', `${sprite}#${name}`)
    svg.append(use)
    return svg
  },
}
