/** The logic of the pool's pages: thresholds of a device, quarters of a list, which pages a role opens. */
import type { Device } from '@jucun/shared/contract'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { quarters } from '../src/pages/feedback/words'
import FigureTableView from '../src/pages/boards/FigureTableView.vue'
import ActDialog from '../src/pages/orders/ActDialog.vue'
import { factText } from '../src/pages/orders/words'
import { drafts, tunedOf } from '../src/pages/sensors/tuning'
import { openTo, sectionOf } from '../src/shell/sections'
import { near } from '../src/text'
import { dora, Refusal, serve } from './cast'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const smoke = {
  key: 'smoke', label: '烟雾报警', unit: '%', orders_from: 2,
  levels: [{ level: 2, label: '一般', at_least: 5, at_most: null, minutes: 0 }, { level: 3, label: '紧急', at_least: 6.5, at_most: null, minutes: 1 }],
}
const silent = { key: 'unopened', label: '长时间未开门', unit: '', orders_from: 2, levels: [{ level: 2, label: '一般', at_least: null, at_most: null, minutes: 1440 }] }
const device = (tuned: Device['tuned'] = []): Device => ({ signals: [smoke, silent], tuned }) as unknown as Device

test('a device without levels of its own shows those of its kind and sends none', () => {
  const shown = drafts(device())
  expect(shown.map(s => [s.own, s.levels.map(l => l.bound)])).toEqual([[false, [5, 6.5]], [false, [null]]])
  expect(tunedOf(shown, device())).toEqual([])
})

test('levels of its own are sent whole, and a limit in time has no bound', () => {
  const shown = drafts(device())
  shown[0]!.own = shown[1]!.own = true
  shown[0]!.levels[0]!.bound = 8
  shown[1]!.levels[0]!.minutes = 2880
  expect(tunedOf(shown, device())).toEqual([
    { signal: 'smoke', levels: [{ level: 2, at_least: 8, minutes: 0 }, { level: 3, at_least: 6.5, minutes: 1 }] },
    { signal: 'unopened', levels: [{ level: 2, minutes: 2880 }] },
  ])
})

test('a signal that is put back to its kind is sent without levels', () => {
  const tuned = device([{ signal: 'smoke', levels: [{ level: 2, at_least: 8, at_most: null, minutes: 3 }] }])
  const shown = drafts(tuned)
  expect(shown[0]).toMatchObject({ own: true, levels: [{ bound: 8, minutes: 3 }, { bound: 6.5 }] })
  shown[0]!.own = false
  expect(tunedOf(shown, tuned)).toEqual([{ signal: 'smoke', levels: [] }])
})

test('quarters go back over the turn of a year', () => {
  expect(quarters('2026-02-01', 3)).toEqual([
    { key: '2026Q1', label: '2026年第一季度' }, { key: '2025Q4', label: '2025年第四季度' }, { key: '2025Q3', label: '2025年第三季度' },
  ])
})

test('complaints are a page of their own for whoever answers them', () => {
  expect(openTo({ ...dora, verbs: ['complaint.answer'] }).map(s => s.label)).toEqual(['投诉建议'])
  expect(sectionOf('/missions')).toBe('/findings')
  expect(sectionOf('/emergencies/e1')).toBe('/duty')
})

test('a rate prints what it divides once: under itself, not as columns besides', () => {
  const figure = (value: number) => ({ value, shown: String(value) })
  const line = (key: string, label: string) => ({ key, label, counts: { received: figure(9), due: figure(4), done: figure(3) }, rates: { on_time: { value: 0.75, shown: '75.0%' } } })
  const table = mount(FigureTableView, { props: {
    head: '居村', counts: [{ key: 'received', label: '收到' }, { key: 'due', label: '应办结' }, { key: 'done', label: '按时' }],
    rates: [{ key: 'on_time', label: '按时办结率', of: 'done', of_label: '按时', per: 'due', per_label: '应办结', caliber: '' }],
    table: { rows: [line('a', '源园')], total: line('', '合计') },
  } as never })
  expect(table.findAll('th').map(th => th.text())).toEqual(['居村', '收到', '按时办结率按时 ÷ 应办结'])
  expect(table.findAll('tbody tr')[0]!.text()).toContain('75.0%3/4')
})

test('when somebody was faster the sentence is shown and the order is read again', async () => {
  serve({ 'POST /api/orders/o1/sign': new Refusal(409, { code: 'record.overtaken', title: '别人刚刚改过，请看过最新的再办。', fields: [] }) })
  const dialog = mount(ActDialog, { props: { act: 'sign', of: { id: 'o1', rev: 3, no: '普005', title: '路灯' } as never }, attachTo: document.body })
  await flushPromises()
  document.querySelector<HTMLButtonElement>('.el-dialog__footer .el-button--primary')?.click()
  await flushPromises()
  expect(dialog.emitted('stale')).toHaveLength(1)
  expect(document.body.textContent).toContain('别人刚刚改过')
})

test('what a step says besides words is told with its labels; keys of ours are left out', () => {
  expect(factText({ solved: '是', satisfied: '满意', category: 'E0481' })).toBe('实际解决：是 · 满意度：满意')
  expect(near('上海市普陀区棠浦路3010弄7号')).toBe('棠浦路3010弄7号')
})
