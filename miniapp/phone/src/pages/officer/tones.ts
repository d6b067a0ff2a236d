/** The colour in which each state of a finding or a complaint is named: amber waits for its sender, teal is well. */
import type { FindingLine } from '@jucun/shared/contract'

const TONES: Partial<Record<FindingLine['state'], string>> = { answered: 'tag-amber', working: 'tag-teal', registered: 'tag-teal', settled: 'tag-teal' }
export const toneOf = (state: FindingLine['state']): string => TONES[state] ?? ''
