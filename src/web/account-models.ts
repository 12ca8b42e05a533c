import type { Field } from './view-parts'

/** A small page with a way in: sign-in, second steps, confirmations, links from mails. `views/gate.ejs`. */
export interface GatePage {
  heading: string
  intro: string[]
  /** Something that has just happened, or ''. */
  notice: string
  /** All that is wrong, in one list; `field` '' for the page as a whole. */
  problems: { field: string; text: string }[]
  /** One way each, the best first. */
  forms: GateForm[]
  links: { text: string; url: string; hook: string }[]
}

export interface GateForm {
  /** Above its fields, where there are several; or ''. */
  heading: string
  intro: string
  action: string
  /** Fields that the person does not see. */
  hidden: { name: string; value: string }[]
  fields: Field[]
  submit: string
  /** `data-t` of the button. */
  hook: string
  /** A script asks the browser for a passkey, and puts what it says into the form. */
  passkey: PasskeyAsk | null
}

export interface PasskeyAsk {
  /** Where the question to the browser comes from. */
  optionsUrl: string
  /** `get`: show one; `create`: make one. */
  ceremony: 'get' | 'create'
  /** The browser may offer one while an address is typed. */
  isConditional: boolean
  /** Asked at once, without a press. */
  startsItself: boolean
}
