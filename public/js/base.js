/**
 * What the other scripts share, as `window.rollcall`. Each of them is found by an attribute of its own and says
 * with `begin` what it does with a part of the page, because parts come later, too: in dialogs, and when a
 * region is fetched again. Scripts of single pages are in `public/js/pages` and run after these.
 */

const NOT_SAVED = 'That did not reach the server. Nothing was changed.'
const NOBODY_KNOWS = 'We do not know whether this was saved. Reload to check.'

/** How long the server may take to answer. */
const PATIENCE_MS = 10_000

// The only HTML that scripts put into pages: parts of pages that the same site made.
const policy = window.trustedTypes?.createPolicy('rollcall', { createHTML: (html) => html })

const beginnings = []

window.rollcall = {
  /** Runs `start` for the page as it is, and again for every part that is put into it later. */
  begin(start) {
    beginnings.push(start)
    start(document)
  },

  /** Puts HTML that our own server made in place of what an element holds. */
  fill(element, html) {
    element.innerHTML = policy ? policy.createHTML(html) : html
    for (const start of beginnings) start(element)
  },

  /** What a script has made itself is begun with, too. */
  added(element) {
    for (const start of beginnings) start(element)
  },

  /**
   * Asks the server for the inner part of a page. Resolves to what it answers, also when that is an error;
   * rejects when nothing came back.
   */
  part(url, { body = null, signal = null } = {}) {
    const patience = AbortSignal.timeout(PATIENCE_MS)
    return fetch(url, {
      method: body === null ? 'GET' : 'POST',
      body,
      headers: { 'X-Fragment': '1' },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    })
  },

  /**
   * What became of a change to which no answer came, or none of the site. The server may have made it and then been
   * cut off: only a machine without a network is sure that it did not.
   */
  unanswered: () => (navigator.onLine ? NOBODY_KNOWS : NOT_SAVED),

  /** Whether an answer is a part of a page. */
  isPart: (answer) => answer.headers.get('content-type')?.startsWith('text/html') ?? false,

  /** Fetches the page that is open once more, and puts it in place without leaving it. */
  async refresh(url = location.href) {
    const answer = await window.rollcall.part(url)
    if (!answer.ok || !window.rollcall.isPart(answer)) return location.assign(url)
    const title = answer.headers.get('x-title')
    if (title) document.title = decodeURIComponent(title)
    const html = await answer.text()
    const content = document.querySelector('#content')
    window.rollcall.fill(content, html)
    const said = content.querySelector('[data-t=flash]')
    if (said) window.rollcall.say(said.textContent.trim())
  },

  /** Says something to those who cannot see that the page has changed. */
  say(text) {
    const region = document.querySelector('[data-said]')
    region.textContent = ''
    // In a later turn: what is there already when a region is looked at is not read out.
    setTimeout(() => (region.textContent = text), 50)
  },
}
