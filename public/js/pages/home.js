/** The projects of a person: cards as things are, and a search that finds while one types. */
const { begin, live, refresh, say } = window.rollcall

const cards = () => [...document.querySelectorAll('[data-project]')]
const nameIn = (card) => card.querySelector('[data-name]').textContent

function element(name, className, ...content) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...content)
  return made
}

/* ---- as things are ---- */

function take(region, { rows, order, totals }) {
  const { icons } = region.dataset
  for (const told of rows) {
    const card = region.querySelector(`[data-project="${CSS.escape(told.id)}"]`)
    if (card) update(card, told, icons)
  }
  drawTotals(totals, icons)
  document.querySelector('[data-changed]').hidden = order === region.dataset.order
}

function update(card, { s, word, r, sums, checks, u, ailing }, icons) {
  const before = [...card.classList].find((name) => name.startsWith('tone-'))
  card.classList.replace(before, `tone-${s}`)
  const shape = element('span', 'shape', live.icon(icons, s))
  if (r) shape.append(live.icon(icons, 'ring', 'ring'), live.icon(icons, 'wedge', 'wedge'))
  card
    .querySelector('[data-shape]')
    .replaceChildren(shape, element('span', 'unseen', r ? `${word}, running` : word))
  const words = sums.flatMap(([status, text]) => [element('span', `tone-${status}`, text), ' '])
  card.querySelector('[data-sums]').replaceChildren(...(words.length > 0 ? words : ['no checks yet']))
  card.querySelector('[data-checks]').textContent = checks
  const marks = []
  if (u) marks.push(' ', element('span', 'chip unread', u))
  if (ailing) marks.push(' ', element('span', 'ailing', live.icon(icons, 'late'), ailing))
  card.querySelector('[data-marks]').replaceChildren(...marks)
  if (before !== `tone-${s}`) {
    live.announce('news', `${nameIn(card)}: ${sums.map(([, text]) => text).join(', ')}.`)
    card.classList.add('changed')
    setTimeout(() => card.classList.remove('changed'), 3000)
  }
}

function drawTotals(totals, icons) {
  const place = document.querySelector('[data-totals]')
  if (!place) return totals ? void refresh() : undefined
  if (!totals) return
  const links = totals.sums.flatMap(({ status, text, url }) => {
    const link = element('a', `tone-${status}`, live.icon(icons, status), text)
    link.href = url
    return [' ', link]
  })
  place.replaceChildren(element('span', '', totals.text), ...links)
}

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-changed]')) void refresh()
})

/* ---- the search ---- */

function find(form) {
  const input = form.querySelector('[type=search]')
  // Cards that the server left out cannot be shown here: then it is asked.
  const isWhole = input.value === ''
  form.querySelector('[data-apply]').hidden = true
  if (!isWhole) return
  form.addEventListener('submit', (event) => event.preventDefault())
  input.addEventListener('input', () => {
    const words = input.value.trim().toLowerCase().split(/\s+/)
    let found = 0
    for (const card of cards()) {
      const name = nameIn(card).toLowerCase()
      card.hidden = !words.every((word) => name.includes(word))
      if (!card.hidden) found += 1
    }
    document.querySelector('[data-none]').hidden = found > 0
    const url = new URL(location.href)
    url.searchParams.set('all', '1')
    if (input.value === '') url.searchParams.delete('search')
    else url.searchParams.set('search', input.value)
    history.replaceState(history.state, '', url)
    say(`${found} found`)
  })
}

begin((root) => {
  const region = root.querySelector('[data-home]')
  if (region) region.addEventListener('live', ({ detail }) => take(region, detail))
  const form = root.querySelector('[data-find]')
  if (form) find(form)
})
