/** Shows `time[data-relative]` as "4 min ago", kept fresh without asking the server. */
const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

window.rollcall.begin((root) => {
  for (const time of root.querySelectorAll('time[data-relative]')) time.title = time.textContent
  show()
})

function show() {
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

setInterval(show, 15_000)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) show()
})
