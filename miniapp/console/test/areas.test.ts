import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { Building } from '@jucun/shared/contract'
import BuildingShares from '../src/pages/areas/BuildingShares.vue'
import { lanesOf, movesOf, shareOf, talliesOf } from '../src/pages/areas/shares'

const building = (id: string, lane: string | null, number: string, households: number): Building => ({
  id, road: '兰溪路', lane, number, estate: lane ? '兰溪小区' : '沿街', address: `上海市普陀区兰溪路${lane ?? ''}${number}号`, houses: households, households,
  people: households * 2,
})
const OLD = '310107017017'
const heirs = [{ code: '310107017029', name: '铜川路第一居委会' }, { code: '310107017030', name: '铜川路第二居委会' }]
const [FIRST, SECOND] = heirs.map(h => h.code) as [string, string]
const buildings = [building('a', '3010', '1', 10), building('b', '3010', '2', 12), building('c', null, '88', 3)]

test('buildings stand by lane, along a road by the road', () => {
  expect(lanesOf(buildings).map(l => [l.title, l.estate, l.buildings.length])).toEqual([['兰溪路3010弄', '兰溪小区', 2], ['兰溪路', '沿街', 1]])
})

test('a lane has an heir when all its buildings have the same', () => {
  expect(shareOf(buildings, { a: FIRST, b: FIRST, c: SECOND })).toBe('')
  expect(shareOf(buildings.slice(0, 2), { a: FIRST, b: FIRST })).toBe(FIRST)
  expect(shareOf(buildings.slice(0, 2), {})).toBe('')
})

test('what everybody gets adds up, and what nobody has is told', () => {
  const tallies = talliesOf(buildings, heirs, { a: FIRST, c: SECOND })
  expect(tallies.map(t => [t.buildings, t.households])).toEqual([[1, 10], [1, 3], [1, 12]])
})

test('what stays under the old code is not moved', () => {
  expect(movesOf(buildings, { a: OLD, b: SECOND, c: '' }, OLD)).toEqual([{ building: 'b', to: SECOND }])
})

test('a lane unfolds to its buildings', async () => {
  const shares = mount(BuildingShares, { props: { modelValue: {}, buildings, heirs } })
  expect(shares.text()).toContain('还没有划 3 幢 25 户')
  expect(shares.text()).not.toContain('2号')
  await shares.get('button').trigger('click')
  expect(shares.text()).toContain('2号12 户 24 人')
})
