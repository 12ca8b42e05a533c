/**
 * Marks of a chart are one stop for the Tab key; arrows go from one to the next. What a mark says is shown
 * while it is pointed at or has the focus.
 */
const { begin } = window.rollcall

begin((root) => {
  for (const chart of root.querySelectorAll('[data-chart]')) watch(chart)
})

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
