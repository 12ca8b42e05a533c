/** Forms, made safer: nothing is sent twice, and a pause asks again in place. */
const { begin } = window.rollcall

/** How long a button that asks again waits for the second press. */
const ARMED_MS = 4000

begin((root) => {
  // A link to a page that asks becomes a button that asks: first press, then "again" within four seconds.
  for (const form of root.querySelectorAll('form[data-ask]')) {
    const link = form.querySelector('a')
    const button = form.querySelector('button')
    const label = button.querySelector('[data-says]')
    const before = label.textContent
    link.remove()
    button.hidden = false
    const disarm = () => {
      button.classList.remove('armed')
      label.textContent = before
    }
    form.addEventListener('submit', (event) => {
      if (button.classList.contains('armed')) return
      event.preventDefault()
      event.stopImmediatePropagation()
      button.classList.add('armed')
      label.textContent = form.dataset.ask
      setTimeout(disarm, ARMED_MS)
    })
  }

  for (const form of root.querySelectorAll('form[method="post"]')) {
    form.addEventListener('submit', () => {
      // After this turn, so that the button's own name and value are still sent.
      setTimeout(() => {
        for (const button of form.querySelectorAll('button')) button.disabled = true
      })
    })
  }

  // A filter applies as soon as it is chosen; its button is for browsers without scripts.
  for (const form of root.querySelectorAll('form[data-live]')) {
    form.querySelector('button').hidden = true
    form.addEventListener('change', (event) => {
      if (event.target.type === 'checkbox') form.requestSubmit()
    })
  }

  // The first account gets the zone of the browser that it is made with.
  for (const select of root.querySelectorAll('select[data-zone]')) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if ([...select.options].some((option) => option.value === zone)) select.value = zone
  }

  for (const input of root.querySelectorAll('input[data-zone]')) {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone
  }

  // A code is sent as soon as it is whole.
  for (const input of root.querySelectorAll('input[autocomplete="one-time-code"]')) {
    input.addEventListener('input', () => {
      if (/^\d{6}$/.test(input.value.replace(/\s/g, ''))) input.form.requestSubmit()
    })
  }

  // Whoever opens the link to unsubscribe that late is a person and means it.
  root.querySelector('form[data-press]')?.requestSubmit()
})

// The page comes back as it was left when somebody presses "back".
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('form[method="post"] button')) button.disabled = false
})

// What is wrong is read first.
document.querySelector('[data-focus]')?.focus()
