/**
 * `a[data-dialog]` opens the page that it leads to as a dialog over this one. Its form is sent without leaving;
 * when it is done, this page is fetched again, or with `data-dialog="go"` the one that the form leads to. A form with `data-leave` is for going somewhere else, and is sent
 * as if there were no dialog; a link with `data-close` closes instead of leading away.
 */
const { begin, fill, isPart, part, refresh, unanswered } = window.rollcall

/** Opens an address as a dialog, as a link with `data-dialog` does. */
window.rollcall.openDialog = (url) => {
  void open(url, null)
  return true
}

const SESSION_OVER = 'Your session has ended.'

begin((root) => {
  for (const link of root.querySelectorAll('a[data-dialog]')) {
    link.setAttribute('aria-haspopup', 'dialog')
    link.addEventListener('click', (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      void open(link.href, link)
    })
  }
})

async function open(url, link) {
  let answer
  try {
    answer = await part(url)
  } catch {
    return location.assign(url)
  }
  // Whatever else it is, the browser shows it better than we could.
  if (!isPart(answer)) return location.assign(url)
  show(await answer.text(), link ?? document.activeElement)
}

function show(html, link) {
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog'
  dialog.dataset.t = 'dialog'
  document.body.append(dialog)
  let filled = put(dialog, html)
  dialog.showModal()
  focusFirst(dialog)

  const isChanged = () => filled !== entered(dialog)
  const mayClose = () => !isChanged() || confirm('Discard changes?')
  const close = () => dialog.close()

  dialog.addEventListener('cancel', (event) => {
    if (!mayClose()) event.preventDefault()
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && mayClose()) close()
    const next = event.target.closest('a[data-stay]')
    if (!next && !event.target.closest('[data-close]')) return
    event.preventDefault()
    if (next) void turn(next)
    else if (mayClose()) close()
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    focusAgain(link)
  })
  dialog.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post' || form.dataset.leave !== undefined || event.defaultPrevented) return
    event.preventDefault()
    void send(form, event.submitter)
  })

  /** From one page of the dialog to another. */
  async function turn({ href, dataset: { t } }) {
    const answer = await part(href).catch(() => null)
    if (!answer || !isPart(answer)) return location.assign(href)
    filled = put(dialog, await answer.text())
    const again = dialog.querySelector(`[data-t="${t}"]`)
    if (again) again.focus()
    else focusFirst(dialog)
  }

  async function send(form, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter))
    let answer
    try {
      answer = await part(form.action, { body })
    } catch {
      return excuse(dialog, unanswered())
    }
    const next = answer.headers.get('x-location')
    if (answer.status === 204 && next !== null) {
      close()
      return link.dataset?.dialog === 'go' ? location.assign(next) : arrive(next)
    }
    if (isPart(answer)) {
      filled = put(dialog, await answer.text())
      return focusFirst(dialog)
    }
    if (answer.status === 401) return excuse(dialog, SESSION_OVER, signInAgain())
    excuse(dialog, answer.status >= 500 ? unanswered() : await reason(answer))
  }
}

/** Where the focus was; after the page was fetched again, on the link to the same address. */
function focusAgain(link) {
  if (link.isConnected) return link.focus()
  const address = link.getAttribute('href')
  if (address !== null) document.querySelector(`a[href="${CSS.escape(address)}"]`)?.focus()
}

/** The page that was changed, as it is now. */
async function arrive(address) {
  const url = new URL(address, location.href)
  if (url.pathname !== location.pathname) return refresh()
  history.replaceState(history.state, '', url)
  return refresh(url.href)
}

function put(dialog, html) {
  fill(dialog, html)
  const heading = dialog.querySelector('h1')
  if (heading) {
    heading.id = 'dialog-title'
    heading.tabIndex = -1
    dialog.setAttribute('aria-labelledby', heading.id)
  }
  return entered(dialog)
}

function focusFirst(dialog) {
  const first =
    dialog.querySelector('[data-focus]') ??
    dialog.querySelector('form :is(input:not([type=hidden]), select, textarea)') ??
    dialog.querySelector('h1')
  first?.focus()
}

/** All that is in the forms of a dialog, to see whether somebody changed it. */
function entered(dialog) {
  return [...dialog.querySelectorAll('form')]
    .map((form) => new URLSearchParams(new FormData(form)).toString())
    .join('\n')
}

function excuse(dialog, text, link = null) {
  for (const button of dialog.querySelectorAll('button')) button.disabled = false
  dialog.querySelector('[data-excuse]')?.remove()
  const note = document.createElement('p')
  note.className = 'note error'
  note.role = 'alert'
  note.dataset.excuse = ''
  note.textContent = text
  if (link) note.append(' ', link)
  dialog.prepend(note)
}

function signInAgain() {
  const link = document.createElement('a')
  const root = document.documentElement.dataset.root ?? ''
  link.href = `${root}/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`
  link.textContent = 'Sign in again'
  return link
}

async function reason(answer) {
  try {
    return (await answer.json()).error
  } catch {
    return unanswered()
  }
}
