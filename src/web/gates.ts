import type { GateForm, GatePage } from './account-models'

/** A page with a way in; what is not said is empty. */
export function gate(about: Pick<GatePage, 'heading'> & Partial<GatePage>): GatePage {
  return { intro: [], notice: '', problems: [], forms: [], links: [], ...about }
}

/** One way in. */
export function gateForm(about: Pick<GateForm, 'action' | 'submit'> & Partial<GateForm>): GateForm {
  return {
    heading: '',
    intro: '',
    hidden: [],
    fields: [],
    hook: 'submit',
    passkey: null,
    trap: false,
    ...about,
  }
}
