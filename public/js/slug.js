/** Offers a slug made from the name, for forms that ask for both. */
window.rollcall.begin((root) => {
  for (const slug of root.querySelectorAll('form input[name=slug]')) offerSlug(slug, slug.form.elements.name)
})

function offerSlug(slug, name) {
  if (!name) return
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button slight'
  button.dataset.t = 'use-suggestion'
  button.addEventListener('click', () => {
    slug.value = suggestion(name.value)
    slug.dispatchEvent(new Event('input', { bubbles: true }))
    slug.focus()
  })
  slug.after(button)

  const show = () => {
    const text = suggestion(name.value)
    button.hidden = text === '' || text === slug.value
    button.textContent = `Use suggestion: ${text}`
  }
  name.addEventListener('input', show)
  slug.addEventListener('input', show)
  show()
}

/** Accents are dropped, and whatever a slug cannot hold becomes one hyphen. */
function suggestion(name) {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
}
