/** Copies the text of `[data-copy]` when it is pressed, and says so for a moment. */
window.rollcall.begin((root) => {
  for (const button of root.querySelectorAll('[data-copy]')) {
    const label = button.querySelector('[data-says]')
    const before = label.textContent
    button.hidden = false
    button.addEventListener('click', () => {
      void copy(button.dataset.copy).then((isDone) => {
        label.textContent = isDone ? 'Copied' : 'Not copied'
        button.classList.toggle('done', isDone)
        setTimeout(() => {
          label.textContent = before
          button.classList.remove('done')
        }, 2000)
      })
    })
  }
})

/** Browsers give the clipboard only to pages that came over https or from this machine. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
