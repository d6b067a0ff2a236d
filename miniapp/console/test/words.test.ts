import { refusal } from '@jucun/shared/refusal'
import { expect, test } from 'vitest'
import { doubtful, FILTERS, sectionsOf } from '../src/pages/review/figures'
import { periodsOf } from '../src/pages/tasks/periods'
import { segments } from '../src/parts/states'
import { openTo, sectionOf } from '../src/shell/sections'
import { difference, moment, written } from '../src/text'
import { aReturn, dora, field } from './cast'

test.each([
  [110, 100, undefined, '+10.0%'], [90, 100, undefined, '−10.0%'], [5, 5, undefined, '持平'], [3, 0, undefined, '+3'],
  [85.7, 83.3, '%', '+2.4 个百分点'],
])('%d against %d (%s) is %s', (value, previous, unit, text) => {
  expect(difference(value, previous, unit)?.text).toBe(text)
})

test('nothing to compare with gives no difference', () => {
  expect(difference(3, null)).toBeNull()
})

test.each([
  [field('x', '', { type: 'money' }), 123456, '1,234.56'],
  [field('x', '', { type: 'codes', codes: [{ code: '1', label: '独居' }, { code: '2', label: '孤老' }] }), ['1', '2'], '独居、孤老'],
  [field('x', '', { type: 'bool' }), false, '否'],
  [field('x', '', { type: 'year' }), 2026, '2026'],
  [field('x', ''), -1, '−1'],
  [field('x', ''), 0, '0'],
  [field('x', ''), null, '—'],
  [field('x', '', { type: 'datetime' }), '2026-11-03T09:05:00+08:00', '2026-11-03 09:05'],
])('%o with %o is written %s', (of, value, text) => {
  expect(written(of, value)).toBe(text)
})

test('midnight is a day', () => {
  expect(moment('2026-09-30T00:00:00+08:00')).toBe('2026-09-30')
})

test('sections keep their order and fields outside any section come last', () => {
  const sections = sectionsOf(aReturn())
  expect(sections.map(s => [s.title, s.lines.map(l => l.field.key)])).toEqual([['变动', ['B02', 'B06']], ['', ['B08']]])
})

test('what deserves a look: an issue, an override, a change of more than a tenth and more than a few', () => {
  const lines = sectionsOf(aReturn({ issues: [], answers: { B08: -1, B02: 4 } })).flatMap(s => s.lines)
  expect(lines.filter(doubtful).map(l => l.field.key)).toEqual(['B02', 'B06'])
  expect(lines.filter(FILTERS.typed).map(l => l.field.key)).toEqual(['B08'])
})

test('a bar draws every return once', () => {
  const drawn = segments({ total: 10, draft: 3, checking: 1, submitted: 2, returned: 1, approved: 3, overdue: 4 })
  expect(drawn).toEqual({ approved: 3, submitted: 2, checking: 1, returned: 0, draft: 0, overdue: 4 })
  expect(Object.values(drawn).reduce((a, b) => a + b)).toBe(10)
})

test('periods follow the frequency, newest first, over the turn of a year', () => {
  expect(periodsOf('月报', '2026-02-10').slice(0, 3).map(p => p.value)).toEqual(['2026-02', '2026-01', '2025-12'])
  expect(periodsOf('季报', '2026-02-10').slice(0, 2)).toEqual([
    { value: '2026Q1', label: '2026 年第 1 季度' }, { value: '2025Q4', label: '2025 年第 4 季度' }])
  expect(periodsOf('半年报', '2026-08-10').slice(0, 2).map(p => p.value)).toEqual(['2026H2', '2026H1'])
  expect(periodsOf('年报', '2026-08-10').map(p => p.value)).toEqual(['2026', '2025'])
})

test('the navigation shows what the verbs open, and knows where a page belongs', () => {
  expect(openTo(dora).map(s => s.label)).toEqual(['任务', '审核', '报表', '居民与房屋', '区划'])
  expect(openTo({ ...dora, verbs: ['audit.read'] }).map(s => s.label)).toEqual(['审计'])
  expect(sectionOf('/returns/r1')).toBe('/review')
  expect(sectionOf('/houses/h1')).toBe('/people')
})

test('a refused sign-in says why', () => {
  expect(refusal('')).toBe('')
  expect(refusal('?next=1&problem=account.unknown')).toContain('名册')
  expect(refusal('?problem=other')).toContain('再试一次')
})
