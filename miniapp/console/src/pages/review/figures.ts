/** A return as a reviewer reads it: one line per field, with everything that speaks for or against the figure. */
import type { Change, Issue, Known, Remark, Return } from '@jucun/shared/contract'
import type { FieldDef } from '@jucun/shared/definition'
import { difference, type Difference } from '../../text'

export interface Line {
  field: FieldDef
  value: unknown
  previous: unknown
  difference: Difference | null
  known: Known | null
  /** Answered by a person, not computed or fed. */
  typed: boolean
  /** A computed figure that somebody replaced: shown in red to every later level. */
  overridden: boolean
  reason: string
  issues: Issue[]
  remarks: Remark[]
  change: Change | null
}
export interface Section { title: string; lines: Line[] }

/** Beyond this share a change against the previous period is marked (变化超过 10% 应说明); 2 → 3 is noise. */
const NOTABLE_SHARE = 0.1
const NOTABLE_GAP = 5

export function notable({ difference: d }: Line): boolean {
  return d !== null && d.size > NOTABLE_SHARE && (d.points || d.gap >= NOTABLE_GAP)
}

/** There are rows to look at behind the figure. */
export function drillable({ known }: Line): boolean {
  return known !== null && known.drill && known.rows !== 0
}

export function doubtful(line: Line): boolean {
  return line.issues.length > 0 || line.overridden || notable(line)
}

export function lineOf(of: Return, field: FieldDef): Line {
  const known = of.known[field.key] ?? null
  const value = of.figures[field.key] ?? null
  const computed = field.source === 'computed' && known !== null && known.value !== null
  return {
    field, value, known,
    previous: known?.previous ?? null,
    difference: difference(value, known?.previous, field.unit),
    typed: of.asked.includes(field.key),
    overridden: computed && field.key in of.answers,
    reason: of.reasons[field.key] ?? '',
    issues: of.issues.filter(i => i.field === field.key),
    remarks: of.remarks.filter(r => r.field === field.key),
    change: of.changes.find(c => c.field === field.key) ?? null,
  }
}

export function sectionsOf(of: Return): Section[] {
  const lines = new Map(of.definition.fields.map(f => [f.key, lineOf(of, f)]))
  const named = (of.definition.sections ?? []).map(s => ({
    title: s.title, lines: s.fields.flatMap(key => lines.get(key) ?? []),
  }))
  const taken = new Set(named.flatMap(s => s.lines))
  const rest = [...lines.values()].filter(line => !taken.has(line))
  return rest.length ? [...named, { title: '', lines: rest }] : named
}

export type Filter = 'all' | 'changed' | 'doubtful' | 'typed'
export const FILTERS: Record<Filter, (line: Line) => boolean> = {
  all: () => true,
  changed: line => line.change !== null,
  doubtful,
  typed: line => line.typed,
}
