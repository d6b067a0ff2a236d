/** A device's own thresholds: what stands in the fields, and what of it differs from its kind. */
import type { Device, SignalKind } from '@jucun/shared/contract'

export interface LevelDraft { level: number; label: string; sort: 'at_least' | 'at_most' | 'time'; bound: number | null; minutes: number }
export interface SignalDraft { signal: string; label: string; unit: string; own: boolean; levels: LevelDraft[] }

/** The levels in force for this device, signal by signal; those of its kind where it has none of its own. */
export function drafts(device: Device): SignalDraft[] {
  return device.signals.map(kind => {
    const own = device.tuned.find(t => t.signal === kind.key)
    return { signal: kind.key, label: kind.label, unit: kind.unit, own: own !== undefined, levels: kind.levels.map(level => draft(level, own)) }
  })
}

function draft(level: SignalKind['levels'][number], own: Device['tuned'][number] | undefined): LevelDraft {
  const sort = level.at_least !== null ? 'at_least' : level.at_most !== null ? 'at_most' : 'time'
  const now = own?.levels.find(l => l.level === level.level) ?? level
  return { level: level.level, label: level.label, sort, bound: sort === 'time' ? null : now[sort] ?? level[sort], minutes: now.minutes }
}

/** What the server is told: signals with levels of their own, and those put back to their kind's (no levels). */
export function tunedOf(given: SignalDraft[], device: Device): { signal: string; levels: { level: number; at_least?: number; at_most?: number; minutes: number }[] }[] {
  return given.filter(s => s.own || device.tuned.some(t => t.signal === s.signal)).map(s => ({
    signal: s.signal,
    levels: s.own ? s.levels.map(l => ({ level: l.level, minutes: l.minutes, ...(l.sort === 'time' || l.bound === null ? {} : { [l.sort]: l.bound }) })) : [],
  }))
}
