/** Lets people keep the codes of `[data-codes]` as a file or on paper. */
const list = document.querySelector('[data-codes]')
const codes = [...list.querySelectorAll('code')].map((code) => code.textContent)

const download = document.querySelector('[data-download]')
download.hidden = false
download.addEventListener('click', () => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`${codes.join('\r\n')}\r\n`], { type: 'text/plain' }))
  link.download = list.dataset.file
  link.click()
  URL.revokeObjectURL(link.href)
})

const print = document.querySelector('[data-print]')
print.hidden = false
print.addEventListener('click', () => window.print())
