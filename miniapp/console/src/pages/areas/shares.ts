/** Sharing out the buildings of a committee that is split: by lane at once, or one by one. */
import type { Building } from '@jucun/shared/contract'

export interface Heir { code: string; name: string }
export interface Lane { key: string; title: string; estate: string; buildings: Building[] }
export type Shares = Record<string, string>

/** "兰溪路3010弄" with its buildings; along a road without lanes, the road. */
export function lanesOf(buildings: Building[]): Lane[] {
  const lanes = new Map<string, Lane>()
  for (const one of buildings) {
    const key = `${one.road}${one.lane ? `${one.lane}弄` : ''}`
    const lane = lanes.get(key) ?? { key, title: key, estate: one.estate, buildings: [] }
    lanes.set(key, lane)
    lane.buildings.push(one)
    if (!lane.estate.includes(one.estate)) lane.estate = [lane.estate, one.estate].filter(Boolean).join('、')
  }
  return [...lanes.values()]
}

/** The heir of all these buildings, '' when they have none yet or not the same. */
export function shareOf(buildings: Building[], shares: Shares): string {
  const first = shares[buildings[0]?.id ?? ''] ?? ''
  return buildings.every(one => (shares[one.id] ?? '') === first) ? first : ''
}

export interface Tally { code: string; name: string; buildings: number; households: number }

/** What every heir gets, and last what nobody has yet. */
export function talliesOf(buildings: Building[], heirs: Heir[], shares: Shares): Tally[] {
  const tally = (code: string, name: string): Tally => {
    const its = buildings.filter(one => (shares[one.id] ?? '') === code)
    return { code, name, buildings: its.length, households: its.reduce((sum, one) => sum + one.households, 0) }
  }
  return [...heirs.map(heir => tally(heir.code, heir.name)), tally('', '还没有划')]
}

/** The moves to send: buildings that stay under the old code need none. */
export function movesOf(buildings: Building[], shares: Shares, old: string): { building: string; to: string }[] {
  return buildings.flatMap(({ id }) => {
    const to = shares[id]
    return to && to !== old ? [{ building: id, to }] : []
  })
}
