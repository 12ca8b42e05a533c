import type { ErrorPage } from '../view-models'

export interface ErrorAbout {
  /** The address of the start page. */
  home: string
  /** To quote to whoever can read the log. */
  requestId: string
  /** What it is about, instead of our words for its status. */
  heading?: string
  /** A sentence of the problem itself, instead of ours. */
  detail?: string
  /** Where the way on is, when that is not the start page. */
  link?: { text: string; url: string }
  /** What was entered, to be taken along. */
  kept?: { name: string; value: string }[]
}

/** The longest form is a webhook with two bodies of 10,000 characters, each of up to twelve bytes when posted. */
export const MOST_FORM_KB = 512

/** What each error says, and what to do about it: web-ui.md §12. */
const TEXTS: Record<number, { heading: string; text: string }> = {
  400: {
    heading: 'That request makes no sense to us',
    text: 'The request could not be understood. Go back and try again.',
  },
  403: { heading: 'You may not do this', text: 'Your role in this project does not allow it.' },
  404: {
    heading: 'There is nothing here',
    text: 'The page does not exist, or you may not see it. Check the address, or start from the projects.',
  },
  405: {
    heading: 'Not this way',
    text: 'This address takes another kind of request. Open the page and use its form.',
  },
  413: {
    heading: 'That is too much',
    text: `What was sent is larger than the ${MOST_FORM_KB} kB that a form of this site takes. Go back and shorten it.`,
  },
  422: {
    heading: 'That could not be used',
    text: 'Something in the form is not right. Go back and look it over.',
  },
  429: { heading: 'Too many tries', text: 'Wait a few minutes, then try again.' },
  500: {
    heading: 'Something broke on our side',
    text: 'It was written to the log. The checks go on being watched; try the page again in a moment.',
  },
  503: {
    heading: 'Not available right now',
    text: 'The database does not answer. Pings are taken again as soon as it does; try the page again in a moment.',
  },
}

/** The page for an HTTP status; an unknown one is told like its class. */
export function errorPage(
  code: number,
  { home, requestId, heading, detail, link, kept = [] }: ErrorAbout,
): ErrorPage {
  const said = TEXTS[code] ?? TEXTS[code >= 500 ? 500 : 400]
  return {
    code,
    heading: heading ?? said?.heading ?? '',
    text: [detail ?? said?.text ?? ''],
    link: link ?? { text: 'To the start page', url: home },
    requestId,
    kept,
  }
}
