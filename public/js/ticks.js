/** Long lists of ticks: filter them, tick all that are shown or none, and count. */
window.rollcall.begin((root) => {
  for (const form of root.querySelectorAll('form[data-ticks]')) {
    const rows = [...form.querySelectorAll('.ticks li')]
    const boxes = () => rows.filter((row) => !row.hidden).map((row) => row.querySelector('input'))
    const count = form.querySelector('[data-ticks-count]')
    const say = () => {
      const on = rows.filter((row) => row.querySelector('input').checked).length
      count.textContent = `${on} of ${rows.length}`
    }
    const all = (isOn) => {
      for (const box of boxes()) box.checked = isOn
      say()
    }
    form.querySelector('.tick-tools').hidden = false
    form.querySelector('[data-ticks-all]').addEventListener('click', () => all(true))
    form.querySelector('[data-ticks-none]').addEventListener('click', () => all(false))
    form.querySelector('[data-ticks-filter]').addEventListener('input', ({ target }) => {
      const wanted = target.value.trim().toLowerCase()
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted)
    })
    form.addEventListener('change', say)
    say()
  }
})
