/** Forms that ask for a schedule: sliders beside the exact fields, and a preview that follows what is entered. */

/** How long typing has to rest before the server is asked. */
const REST_MS = 300
const { begin, fill, isPart, part } = window.rollcall

const MINUTES = { minutes: 1, hours: 60, days: 1440, weeks: 10_080 }

/** What a slider steps through, in minutes: by minutes up to an hour, then by hours, days and 30 days. */
const STEPS = [
  ...counted(1, 60, 1),
  ...counted(120, 1440, 60),
  ...counted(2880, 43_200, 1440),
  ...counted(86_400, 518_400, 43_200),
  525_600,
]

function counted(from, to, step) {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step)
}

function slider(pair) {
  const [number, unit] = pair.children
  const slide = document.createElement('div')
  slide.className = 'slide'
  const range = document.createElement('input')
  range.type = 'range'
  range.min = 0
  range.max = STEPS.length - 1
  range.setAttribute('aria-label', `${unit.getAttribute('aria-label').replace(/, unit$/, '')}, roughly`)
  const scale = document.createElement('div')
  scale.className = 'scale'
  scale.setAttribute('aria-hidden', 'true')
  for (const label of ['1 min', '1 hour', '1 day', '30 d']) {
    scale.append(Object.assign(document.createElement('span'), { textContent: label }))
  }
  slide.append(range, scale)
  pair.after(slide)

  const follow = () => {
    const minutes = Number(number.value) * MINUTES[unit.value]
    const above = STEPS.findIndex((step) => step >= minutes)
    range.value = above === -1 ? STEPS.length - 1 : above
    range.setAttribute('aria-valuetext', `${number.value} ${unit.value}`)
  }
  range.addEventListener('input', () => {
    const minutes = STEPS[range.value]
    const largest = ['days', 'hours', 'minutes'].find((each) => minutes % MINUTES[each] === 0)
    unit.value = largest
    number.value = minutes / MINUTES[largest]
    range.setAttribute('aria-valuetext', `${number.value} ${unit.value}`)
  })
  pair.addEventListener('input', follow)
  follow()
}

function live(form) {
  const shown = form.querySelector('[data-preview]')
  const said = form.querySelector('[data-preview-said]')
  const { cron, name } = form.elements
  let timer
  let asking = new AbortController()
  let isPasted = false

  form.querySelector('[name=do]').hidden = true

  async function ask() {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const data = new URLSearchParams(new FormData(form))
    data.set('do', 'preview')
    try {
      const answer = await part(form.action, { body: data, signal })
      if (answer.ok && isPart(answer)) show(await answer.text())
      else excuse(answer)
    } catch (problem) {
      if (!signal.aborted) excuse(problem)
    }
  }

  function show(html) {
    fill(shown, html)
    shown.ariaBusy = 'false'
    said.textContent = shown.querySelector('[data-say]')?.dataset.say ?? ''
    const pasted = shown.querySelector('[data-expression]')
    if (pasted && isPasted) cron.value = pasted.dataset.expression
    isPasted = false
    const offer = shown.querySelector('[data-name-offer]')
    if (offer && name && name.value === '') {
      offer.hidden = false
      offer.addEventListener('click', () => {
        name.value = offer.dataset.nameOffer
        offer.remove()
        name.focus()
      })
    }
  }

  function excuse(problem) {
    const text = {
      401: 'Your session has ended. Sign in again to see a preview.',
      429: 'That was a lot of previews. The next one comes in a moment.',
    }
    shown.textContent =
      text[problem.status] ?? 'The preview does not answer right now. Saving works without it.'
    said.textContent = shown.textContent
    shown.ariaBusy = 'false'
    const waitSeconds = Number(problem.headers?.get('retry-after'))
    if (waitSeconds > 0) timer = setTimeout(() => void ask(), waitSeconds * 1000)
  }

  cron.addEventListener('paste', () => {
    isPasted = true
  })
  form.addEventListener('input', ({ target }) => {
    if (!target.closest('.timing')) return
    shown.ariaBusy = 'true'
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), REST_MS)
  })
}

begin((root) => {
  for (const form of root.querySelectorAll('form[data-schedule]')) {
    for (const pair of form.querySelectorAll('[data-duration]')) slider(pair)
    live(form)
  }
})
