/** The list of checks: filters as they are typed, rows as things are, and what is done to one row or to many. */
const { added, begin, fill, isPart, live, part, refresh, say, unanswered } = window.rollcall

const TYPING_MS = 200
const CHANGED_MS = 3000
/** How long a button that asks again waits for the second press. */
const ARMED_MS = 4000

const list = () => document.querySelector('[data-list]')
const rowsOf = (root) => [...root.querySelectorAll('tr[data-check]')]
const nameIn = (row) => row.querySelector('[data-t^="open-"]').textContent.trim()
const textOf = (time) => time.toISOString().slice(0, 16).replace('T', ' ')

/* ---- as things are ---- */

function take(region, news) {
  // An empty project has got its first check, or what the person may do has changed.
  const isOther = region.dataset.can !== undefined && region.dataset.can !== news.can
  if (region.dataset.list === undefined || isOther) return void refresh()
  const rows = new Map(rowsOf(region).map((row) => [row.dataset.check, row]))
  const named = new Set(news.rows.map(({ id }) => id))
  const moved = movedIn(region)
  for (const told of news.rows) {
    const row = rows.get(told.id)
    if (!row || told.out || told.s !== row.dataset.s) moved.add(told.id)
    if (row) update(row, told, region)
  }
  // Of a row that nothing was said about we know nothing any more.
  if (news.full) for (const [id, row] of rows) row.classList.toggle('left', !named.has(id))
  countUp(news)
  const isSame = news.order === region.dataset.order
  const button = region.querySelector('[data-changed]')
  button.hidden = isSame
  button.textContent = `List changed – refresh (${Math.max(1, moved.size)})`
}

/** The checks that stand elsewhere in the list by now, by the region that shows it. */
const moves = new WeakMap()

function movedIn(region) {
  if (!moves.has(region)) moves.set(region, new Set())
  return moves.get(region)
}

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-changed]')) void refresh()
})

function update(row, news, region) {
  row.classList.toggle('left', news.out === 1 || news.s === null)
  if (news.s === null) return
  const before = row.dataset.s
  const isNew = before !== news.s || row.dataset.r !== String(news.r)
  if (isNew) {
    row.classList.remove(`tone-${before}`)
    row.classList.add(`tone-${news.s}`, 'changed')
    setTimeout(() => row.classList.remove('changed'), CHANGED_MS)
    row.dataset.s = news.s
    row.dataset.r = news.r
    drawStatus(row.querySelector('.row-status'), news, region.dataset.icons)
    if (news.s === 'down' && before !== 'down') live.announce('down', nameIn(row))
    if (news.s === 'up' && before === 'down') live.announce('up', nameIn(row))
    if ((news.s === 'paused') !== (before === 'paused')) drawPause(row, news.s === 'paused')
  }
  drawDue(row.querySelector('.due'), news, row)
  drawLast(row.querySelector('.last'), news, region.dataset.icons)
  drawStrip(row.querySelector('.strips'), news.strip)
  drawUnread(row, news.u)
}

/** As `unreadText` in src/web/unread.ts. */
function drawUnread(row, unread) {
  const old = row.querySelector('[data-unread]')
  if (unread === 0) return old?.remove()
  const badge = old ?? element('span', 'chip unread')
  badge.dataset.unread = ''
  badge.dataset.t = `unread-${row.dataset.check}`
  badge.textContent = `${unread > 99 ? '99+' : unread} new`
  if (!old) row.querySelector('.names > a').after(badge)
}

const WORDS = { new: 'New', up: 'Up', late: 'Late', down: 'Down', paused: 'Paused' }

function element(name, className, ...content) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...content)
  return made
}

function drawStatus(cell, { s, r }, icons) {
  const shape = element('span', 'shape', live.icon(icons, s))
  if (r) shape.append(live.icon(icons, 'ring', 'ring'), live.icon(icons, 'wedge', 'wedge'))
  const status = element('span', `status tone-${s}`, shape, element('span', '', WORDS[s]))
  if (r) status.append(' ', element('small', '', 'Running'))
  cell.replaceChildren(status)
  // Since when, was said of the status before.
  cell.removeAttribute('title')
}

function moment(seconds) {
  const time = element('time')
  const date = new Date(seconds * 1000)
  time.dateTime = date.toISOString()
  time.dataset.relative = ''
  time.textContent = `${textOf(date)} UTC`
  return time
}

/** How long ago that was, as times.js writes it. */
function span(seconds) {
  const time = moment(seconds)
  time.title = time.textContent
  delete time.dataset.relative
  time.dataset.span = ''
  return time
}

function drawDue(cell, { s, r, st, nd }, row) {
  const at = r ? st : nd
  if (at === null) {
    cell.removeAttribute('data-label')
    return cell.replaceChildren(element('span', 'muted', s === 'up' || s === 'down' ? 'never again' : '—'))
  }
  const lead = r ? 'running' : at * 1000 <= Date.now() ? 'overdue' : ''
  cell.dataset.label = lead === '' ? 'due' : ''
  const text = element(
    'span',
    `tone-${r ? 'running' : s} due-text`,
    lead,
    ' ',
    lead === '' ? moment(at) : span(at),
  )
  cell.replaceChildren(text, ' ', element('span', 'sub', r ? `of ${row.dataset.grace}` : ''))
  added(cell)
}

function drawLast(cell, { n, lp, ld }, icons) {
  if (lp === null) return cell.replaceChildren(element('span', 'muted', 'never'))
  const link = element('a', 'quiet', moment(lp))
  const root = document.documentElement.dataset.root ?? ''
  link.href = `${root}/checks/${cell.parentElement.dataset.check}/pings/${n}/`
  link.dataset.dialog = ''
  cell.replaceChildren(link)
  if (ld !== null) {
    const icon = live.icon(icons, 'timer', 'icon timer')
    cell.append(' ', element('span', 'sub', icon, element('span', 'unseen', 'took '), took(ld)))
  }
  added(cell)
}

/** As `took` in src/web/show.ts. */
function took(seconds) {
  if (seconds < 1) return `${seconds.toFixed(2)} s`
  const whole = Math.floor(seconds)
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

const SVG = 'http://www.w3.org/2000/svg'

/** As src/web/strip.ts draws it. */
const MARKS = {
  1: { className: 'well', word: 'ok', draw: (x) => `M${x} 6h3v6h-3z` },
  0: { className: 'failed', word: 'failed', draw: (x) => `M${x} 1h3v11h-3z` },
  '-': { className: 'missed', word: 'missing', draw: (x) => `M${x + 0.5} 1.5h2v10h-2z` },
}

function drawStrip(cell, results) {
  if (results === '') return cell.replaceChildren()
  const svg = document.createElementNS(SVG, 'svg')
  for (const [key, value] of Object.entries({
    class: 'strip',
    viewBox: '0 0 100 13',
    width: 100,
    height: 13,
  })) {
    svg.setAttribute(key, value)
  }
  const words = []
  for (const [result, { className, word, draw }] of Object.entries(MARKS)) {
    const path = document.createElementNS(SVG, 'path')
    const first = 20 - results.length
    const found = [...results].flatMap((each, i) => (each === result ? [draw((first + i) * 5 + 1)] : []))
    path.setAttribute('class', className)
    path.setAttribute('d', found.join(''))
    svg.append(path)
    if (found.length > 0) words.push(`${found.length} ${word}`)
  }
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', `last ${results.length}: ${words.join(', ')}`)
  cell.replaceChildren(svg)
}

/** What the row offers after somebody else has paused or resumed it. */
function drawPause(row, isPaused) {
  const code = row.dataset.check
  const root = document.documentElement.dataset.root ?? ''
  const old = row.querySelector(`[data-t="pause-${code}"], [data-t="resume-${code}"]`)
  if (!old) return
  const to = `${root}/checks/${code}/${isPaused ? 'resume' : 'pause'}/`
  const control = element(isPaused ? 'button' : 'a', 'button slight plain')
  const says = element('span', '', isPaused ? 'Resume' : 'Pause')
  says.dataset.says = ''
  control.append(says, element('span', 'unseen', ` ${nameIn(row)}`))
  control.dataset.t = `${isPaused ? 'resume' : 'pause'}-${code}`
  if (isPaused) {
    control.setAttribute('form', 'one')
    control.setAttribute('formaction', to)
  } else {
    control.href = to
    control.dataset.pause = ''
  }
  old.replaceWith(control)
}

function countUp({ summary }) {
  for (const count of document.querySelectorAll('[data-count]')) {
    count.textContent = summary[count.dataset.count] ?? count.textContent
  }
}

/* ---- filters ---- */

function filter(form) {
  let timer
  let asking = new AbortController()
  form.querySelector('[data-apply]').hidden = true
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void apply()
  })
  form.addEventListener('input', ({ target }) => {
    if (target.dataset.more !== undefined) return
    clearTimeout(timer)
    timer = setTimeout(() => void apply(), target.type === 'search' ? TYPING_MS : 0)
  })

  /** Only the list is put in place, so that nobody is interrupted while typing. */
  async function apply() {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''))
    const url = `${form.action}${query.size > 0 ? `?${query}` : ''}`
    try {
      const answer = await part(url, { signal })
      if (!answer.ok || !isPart(answer)) return location.assign(url)
      const html = await answer.text()
      const aside = document.createElement('div')
      fill(aside, html)
      const found = aside.querySelector('[data-list]')
      if (!found) return location.assign(url)
      list().replaceWith(found)
      history.replaceState(history.state, '', url)
      restoreSelection()
      say(found.querySelector('.list-head span').textContent)
    } catch {
      if (!signal.aborted) location.assign(url)
    }
  }
}

/* ---- many rows ---- */

/**
 * What is selected, also on pages of the list that are not in sight: codes, each with the page that it was on. Kept
 * for this tab, so that it is still there when one comes to the next page.
 */
const KEPT = `selection ${location.pathname}`
const chosen = kept()

function kept() {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(KEPT)))
  } catch {
    return new Map()
  }
}

function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...chosen]))
  } catch {
    // Then it is there for as long as this page is.
  }
}

function choose(code, isOn) {
  if (isOn) chosen.set(code, list().dataset.back)
  else chosen.delete(code)
}

/** What was done with a selection, it was made for. */
const DONE = `${KEPT} sent`
document.addEventListener('submit', ({ target }) => {
  if (target.id !== 'bulk') return
  try {
    sessionStorage.setItem(DONE, '1')
  } catch {
    // Nothing is kept.
  }
})
try {
  if (sessionStorage.getItem(DONE) && document.querySelector('main > .note.success')) chosen.clear()
  sessionStorage.removeItem(DONE)
} catch {
  // Nothing was kept.
}

document.addEventListener('change', ({ target }) => {
  if (target.name === 'check' && target.form?.id === 'bulk') {
    choose(target.value, target.checked)
    showChosen()
  }
  if (target.dataset.all !== undefined) {
    for (const row of rowsOf(list())) pick(row, target.checked)
    showChosen()
  }
  if (target.dataset.matching !== undefined) showChosen()
  if (target.dataset.choose !== undefined) list().classList.toggle('choosing', target.checked)
})

document.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-unselect]')) return
  const all = list().querySelector('[data-matching]')
  if (all) all.checked = false
  chosen.clear()
  restoreSelection()
})

let lastPicked = null
document.addEventListener('click', (event) => {
  const box = event.target
  if (box.name !== 'check' || box.form?.id !== 'bulk') return
  if (event.shiftKey && lastPicked?.isConnected) {
    const rows = rowsOf(list())
    const [from, to] = [lastPicked, box].map((each) => rows.indexOf(each.closest('tr'))).sort((a, b) => a - b)
    for (const row of rows.slice(from, to + 1)) pick(row, box.checked)
    showChosen()
  }
  lastPicked = box
})

/** Null in a row that the person may not change. */
const boxOf = (row) => row.querySelector('input[name=check]')

function pick(row, isOn) {
  const box = boxOf(row)
  if (!box) return
  box.checked = isOn
  choose(box.value, isOn)
}

function restoreSelection() {
  const region = list()
  if (!region) return
  for (const row of rowsOf(region)) {
    const box = boxOf(row)
    if (box) box.checked = chosen.has(box.value)
  }
  const all = region.querySelector('[data-all]')
  if (all) all.hidden = false
  showChosen()
}

function showChosen() {
  const region = list()
  const bar = region?.querySelector('#bulk')
  if (!bar) return
  const boxes = rowsOf(region).flatMap((row) => boxOf(row) ?? [])
  const here = boxes.filter(({ checked }) => checked).length
  const isAll = bar.querySelector('[data-matching]')?.checked ?? false
  bar.classList.add('live')
  bar.classList.toggle('on', chosen.size > 0 || isAll)
  const pages = new Set(chosen.values()).size
  const where = pages > 1 ? ` on ${pages} pages` : ''
  bar.querySelector('[data-picked]').textContent = isAll ? '' : `${chosen.size} selected${where}`
  bar.querySelector('[data-unselect]').hidden = false
  keep()
  const all = region.querySelector('[data-all]')
  all.checked = here > 0 && here === boxes.length
  all.indeterminate = here > 0 && here < boxes.length
  for (const extra of bar.querySelectorAll('[data-extra]')) extra.remove()
  const seen = new Set(boxes.map(({ value }) => value))
  const field = element('input')
  const others = [...chosen.keys()].filter((code) => !seen.has(code))
  Object.assign(field, { type: 'hidden', name: 'ids', value: others.join() })
  field.dataset.extra = ''
  bar.append(field)
}

/* ---- one row ---- */

document.addEventListener('click', (event) => {
  const { target } = event
  const pause = target.closest('a[data-pause]')
  const button = target.closest('button[form=one]')
  const dots = target.closest('a[data-menu]')
  if (!dots) closeMenu()
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  if (pause) {
    event.preventDefault()
    if (pause.classList.contains('armed')) void post(pause.href, {})
    else arm(pause)
  } else if (button?.classList.contains('row-switch')) {
    event.preventDefault()
    void flipSwitch(button)
  } else if (button) {
    event.preventDefault()
    void post(button.formAction, {})
  } else if (dots) {
    event.preventDefault()
    openMenu(dots)
  }
})

function arm(link) {
  const says = link.querySelector('[data-says]')
  link.classList.add('armed')
  says.textContent = 'Pause? Press again'
  setTimeout(() => {
    if (!link.isConnected) return
    link.classList.remove('armed')
    says.textContent = 'Pause'
  }, ARMED_MS)
}

/** Sends a change; resolves to whether it was made, after having said why not. */
async function send(url, fields) {
  const csrf = document.querySelector('#one input[name=csrf]').value
  try {
    const answer = await part(url, { body: new URLSearchParams({ csrf, ...fields }) })
    if (answer.status < 400) return true
    if (answer.status === 401) location.reload()
    const isOurs = answer.headers.get('content-type')?.startsWith('application/json')
    excuse(answer.status >= 500 || !isOurs ? unanswered() : (await answer.json()).error)
  } catch {
    excuse(unanswered())
  }
  return false
}

async function post(url, fields) {
  if (await send(url, fields)) await refresh()
}

async function flipSwitch(button) {
  const wasOn = button.getAttribute('aria-pressed') === 'true'
  show(!wasOn)
  if (!(await send(button.formAction, { state: wasOn ? 'off' : 'on' }))) show(wasOn)

  function show(isOn) {
    button.setAttribute('aria-pressed', isOn)
    button.value = isOn ? 'off' : 'on'
    button.title = button.title.replace(/: (on|off)/, `: ${isOn ? 'on' : 'off'}`)
  }
}

function excuse(text) {
  document.querySelector('[data-excuse]')?.remove()
  const note = element('p', 'note error flash', text)
  note.role = 'alert'
  note.dataset.excuse = ''
  note.dataset.t = 'flash'
  document.querySelector('#content').prepend(note)
}

/* ---- the menu of a row ---- */

const CHOICES = [
  ['details', 'Details'],
  ['log', 'Event log'],
  ['name', 'Name, tags, description', true],
  ['ping_now', 'Ping now', true],
  ['copy', 'Create a copy', true],
  ['transfer', 'Transfer', true],
  ['remove', 'Remove', true],
]

let menu = null

function openMenu(link) {
  const isOpen = menu?.previousElementSibling === link
  closeMenu()
  if (isOpen) return
  const root = document.documentElement.dataset.root ?? ''
  const code = link.closest('tr').dataset.check
  const { back } = list().dataset
  const can = boxOf(link.closest('tr')) !== null
  menu = element('div', 'drop right row-menu')
  for (const [path, text, isChange] of CHOICES) {
    if (isChange && !can) continue
    const choice = element('a', '', text)
    choice.href = `${root}/checks/${code}/${path}/${isChange ? `?back=${encodeURIComponent(back)}` : ''}`
    if (isChange) choice.dataset.dialog = ''
    menu.append(choice)
  }
  menu.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    closeMenu()
    link.focus()
  })
  link.after(menu)
  added(menu)
  link.setAttribute('aria-expanded', 'true')
  menu.firstElementChild.focus()
}

function closeMenu() {
  if (!menu) return
  menu.previousElementSibling?.setAttribute('aria-expanded', 'false')
  menu.remove()
  menu = null
}

/* ---- on paper ---- */

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-print]')
  if (!button) return
  button.closest('details').open = false
  print()
})

/* ---- the page as it is, and parts that come later ---- */

function rememberLegend(legend) {
  try {
    legend.open = localStorage.getItem('legend') === 'open'
    legend.addEventListener('toggle', () => localStorage.setItem('legend', legend.open ? 'open' : ''))
  } catch {
    // Browsers may be told to keep nothing.
  }
}

begin((root) => {
  // Whoever wants to see what the shapes mean sees it on every list.
  const legend = root.querySelector('[data-t=legend]')
  if (legend) rememberLegend(legend)
  for (const button of root.querySelectorAll('[data-print]')) button.hidden = false
  const region = root.querySelector('[data-poll]')
  if (region) region.addEventListener('live', ({ detail }) => take(region, detail))
  if (root.querySelector('[data-list]')) restoreSelection()
  const form = root.querySelector('form[data-filter]')
  if (form) filter(form)
})
