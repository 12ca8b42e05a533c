import type { Field } from './view-parts'

/** What a badge may speak for, in which format, and where it is then: web-ui.md B01. */
export interface BadgesPage {
  url: string
  targets: {
    value: string
    label: string
    on: boolean
    /** Why it cannot be chosen; '' when it can. */
    why: string
    /** Which of them, where there are several. */
    which: Field | null
  }[]
  formats: { value: string; label: string; on: boolean }[]
  states: { value: string; label: string; on: boolean }[]
  badge: {
    /** Of our own server, for the preview. */
    image: { url: string; text: string } | null
    /** The document, where it is none to look at. */
    document: string
    takes: { label: string; text: string; hook: string }[]
  } | null
  /** What keeps us from offering a badge. */
  refusal: string
  prometheusUrl: string
}

/** How to have Prometheus read a project: web-ui.md I13. */
export interface PrometheusPage {
  /** Configurations to take along. */
  takes: { label: string; text: string; hook: string }[]
  metrics: { name: string; meaning: string }[]
  keysUrl: string
  /** Off by the settings. */
  isOff: boolean
}
