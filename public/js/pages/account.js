/** The account pages: the zone of this browser is one press away, and looks change as they are chosen. */
const offer = document.querySelector('[data-own-zone]')
if (offer) {
  const input = document.querySelector('#f-tz')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const known = [...document.querySelectorAll('#zones option')].some((option) => option.value === zone)
  offer.querySelector('b').textContent = zone
  offer.hidden = !known || input.value === zone
  offer.querySelector('button').addEventListener('click', () => {
    input.value = zone
    offer.hidden = true
  })
}

const form = document.querySelector('[data-appearance]')
if (form) {
  const said = form.querySelector('[data-saved]')
  form.addEventListener('change', () => {
    const chosen = new FormData(form)
    for (const [name, value] of chosen) {
      if (name !== 'csrf') document.documentElement.setAttribute(attributeOf(name), value)
    }
    said.textContent = ''
    window.rollcall.part(form.action, { body: new URLSearchParams(chosen) }).then(
      (answer) => (said.textContent = answer.ok ? 'Saved' : 'Not saved'),
      () => (said.textContent = window.rollcall.unanswered()),
    )
  })
}

function attributeOf(name) {
  return `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
