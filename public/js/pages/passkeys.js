/**
 * Asks the browser for a passkey or security key. A form with `data-passkey` (`get` or `create`) fetches the
 * question from `data-options`, puts the answer into its field `answer`, and is sent. `data-at-once`: without a
 * press. `data-conditional`: the browser may offer keys where an address is typed.
 */
const CANCELLED = 'Nothing was received from the key. Try again.'

/** A question that waits behind the address field, until somebody presses the button. */
let waiting = null

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) {
    say(form, 'This browser cannot use keys here. Use another way.')
    continue
  }
  let isAnswered = false
  form.addEventListener('submit', (event) => {
    if (isAnswered) return
    // Before other scripts take the form for sent.
    event.preventDefault()
    event.stopImmediatePropagation()
    if (form.reportValidity()) void answer({})
  })

  async function answer(how) {
    try {
      waiting?.abort()
      waiting = new AbortController()
      say(form, '')
      const options = await question(form)
      const credential = await navigator.credentials[form.dataset.passkey]({
        ...how,
        publicKey: fromJson(options),
        signal: waiting.signal,
      })
      form.elements.answer.value = JSON.stringify(toJson(credential))
      isAnswered = true
      form.requestSubmit()
    } catch (error) {
      if (error.name !== 'AbortError' && !how.mediation) say(form, wordsFor(error, form))
    }
  }

  if ('atOnce' in form.dataset) void answer({})
  if ('conditional' in form.dataset) {
    void window.PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => {
      if (can) void answer({ mediation: 'conditional' })
    })
  }
}

async function question(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value })
  const response = await fetch(form.dataset.options, { method: 'POST', body, headers: { 'X-Fragment': '1' } })
  if (!response.ok) throw new Error('The server did not answer.')
  return response.json()
}

function wordsFor(error, form) {
  if (error.name === 'InvalidStateError') return 'This key is already on your account.'
  if (error.name === 'SecurityError') {
    return `This key was registered for another address (${form.dataset.rp ?? location.hostname}).`
  }
  return error.name === 'NotAllowedError' || error.name === 'AbortError' ? CANCELLED : error.message
}

function say(form, text) {
  const line = form.querySelector('[data-key-says]')
  line.textContent = text
  line.hidden = text === ''
}

/** What browsers want as bytes is sent as base64url. */
function fromJson(options) {
  const list = (all) => all?.map((each) => ({ ...each, id: bytes(each.id) }))
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user ? { user: { ...options.user, id: bytes(options.user.id) } } : {}),
    ...(options.excludeCredentials ? { excludeCredentials: list(options.excludeCredentials) } : {}),
    ...(options.allowCredentials ? { allowCredentials: list(options.allowCredentials) } : {}),
  }
}

function toJson(credential) {
  const { id, rawId, type, response, authenticatorAttachment } = credential
  const optional = (name) => (response[name] ? { [name]: text(response[name]) } : {})
  return {
    id,
    rawId: text(rawId),
    type,
    authenticatorAttachment: authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      ...optional('attestationObject'),
      ...optional('authenticatorData'),
      ...optional('signature'),
      ...optional('userHandle'),
      ...(response.getTransports ? { transports: response.getTransports() } : {}),
    },
  }
}

function bytes(base64url) {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
