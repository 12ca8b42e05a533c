/** Menus close with Escape, and when the pointer or the focus goes elsewhere. */
const { begin, fill, isPart, part } = window.rollcall

begin((root) => {
  for (const menu of root.querySelectorAll('details[data-menu]')) {
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !menu.open) return
      menu.open = false
      menu.querySelector('summary').focus()
    })
    menu.addEventListener('focusout', (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false
    })
  }
})

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (!menu.contains(event.target)) menu.open = false
  }
})

// How the other projects are is asked for when somebody looks.
const switcher = document.querySelector('[data-switcher]')

switcher?.addEventListener('toggle', () => {
  if (switcher.open) void look()
})

async function look() {
  const drop = switcher.querySelector('.drop')
  try {
    const answer = await part(switcher.dataset.switcher)
    if (answer.ok && isPart(answer)) fill(drop, await answer.text())
  } catch {
    // The plain list that came with the page is still there.
  }
  drop.querySelector('input')?.focus()
}

begin((root) => {
  for (const input of root.querySelectorAll('[data-filters]')) {
    input.hidden = false
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase()
      for (const link of input.closest('.drop').querySelectorAll('[data-named]')) {
        link.hidden = !link.textContent.toLowerCase().includes(wanted)
      }
    })
  }
})
