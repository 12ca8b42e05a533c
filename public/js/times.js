/**
 * Shows `time[data-relative]` as "4 min ago" and `time[data-span]`, which says since when, as "4 min": both kept fresh
 * without asking the server.
 */
const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** How the person likes times: as attributes of the page. */
const { times, clock } = document.documentElement.dataset

window.rollcall.begin((root) => {
  for (const time of root.querySelectorAll('time')) {
    if (clock) time.textContent = asHere(time.textContent)
    if (clock && 'span' in time.dataset) time.title = asHere(time.title)
    if ('relative' in time.dataset) time.title = time.textContent
  }
  show()
})

/** '2026-03-01 14:05' as people write it where this browser is, on a clock of 12 or 24 hours. */
function asHere(text) {
  const [whole, date, time, seconds] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text) ?? []
  if (whole === undefined) return text
  return new Date(`${date}T${time}${seconds ?? ''}Z`).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: seconds ? 'medium' : 'short',
    timeZone: 'UTC',
    hourCycle: clock === 'local12' ? 'h12' : 'h23',
  })
}

function show() {
  for (const time of document.querySelectorAll('time[data-span]'))
    time.textContent = inWords(Math.max(1, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000)))
  if (times === 'absolute') return
  for (const time of document.querySelectorAll('time[data-relative]'))
    time.textContent = relative((Date.parse(time.dateTime) - Date.now()) / 1000)
}

/** The two largest units below a day, one above. */
function relative(seconds) {
  const whole = Math.round(Math.abs(seconds))
  if (whole < 10) return 'just now'
  const text = inWords(whole)
  return seconds < 0 ? `${text} ago` : `in ${text}`
}

function inWords(seconds) {
  const at = UNITS.findIndex(([size]) => seconds >= size)
  const [size, name] = UNITS[at]
  const count = Math.floor(seconds / size)
  const next = UNITS[at + 1]
  const rest = next ? Math.floor((seconds % size) / next[0]) : 0
  return rest > 0 && at < 2 && count < 10 ? `${count} ${name} ${rest} ${next[1]}` : `${count} ${name}`
}

// Paper does not tell how long ago it was printed.
addEventListener('beforeprint', () => {
  for (const time of document.querySelectorAll('time[data-relative]')) time.textContent = time.title
  for (const place of document.querySelectorAll('[data-printed]'))
    place.textContent = `As of ${new Date().toLocaleString()}`
})
addEventListener('afterprint', show)

setInterval(show, 15_000)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) show()
})
