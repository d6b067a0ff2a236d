import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import CommitteeTable from '../src/pages/tasks/CommitteeTable.vue'
import MergedDrawer from '../src/pages/tasks/MergedDrawer.vue'
import { urgedWords } from '../src/pages/tasks/urging'
import { router } from '../src/router'
import { me } from '../src/session'
import { dora, serve } from './cast'

const global = { plugins: [router] }
const counts = { total: 2, draft: 0, checking: 0, submitted: 2, returned: 0, approved: 0, overdue: 0 }
const field = { key: 'C01', label: '户籍60岁及以上', unit: '人', value: 5, how: 'sum' as const }
const page = {
  id: 't1', form: 'T03', title: '老年人口与独居老人情况统计表', kind: 'report' as const, period: '2026Q3', period_label: '2026年第三季度', area: dora.area,
  opened_on: '2026-10-01', cut_off: '2026-09-30', due_on: '2026-10-08', due_at: null, paused: false, overdue: false, state: 'open', counts, returns: [],
  merged: { of: 2, counted: 2, fields: [field] },
}
const row = (id: string, area: string, name: string) => ({ id, area, link: `/people/${id}`, cells: { name } })
const behind = {
  key: 'C01', label: field.label, unit: '人', how: 'sum', caliber: '户籍口径', formula: null, drill: true, next: null, total: 3,
  committees: [['310107005001', '源园居委会', 2], ['310107005003', '花溪园居委会', 1]].map(([code, name, n]) =>
    ({ return_id: String(code), area: { code, name }, value: n, rows: n })),
  columns: [{ key: 'name', label: '姓名' }], rows: [row('a', '310107005001', '王秀英'), row('b', '310107005001', '李国强'), row('c', '310107005003', '孙玉兰')],
}
const ROWS = 'GET /api/tasks/t1/fields/C01/rows'

beforeEach(() => { me.value = dora })
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

test('the rows behind a merged figure stand under the name of their committee', async () => {
  const asked = serve({ [ROWS]: behind })
  const drawer = mount(MergedDrawer, { props: { task: page, field }, attachTo: document.body, global })
  await flushPromises()
  const heads = [...document.querySelectorAll('tr.group')].map(r => r.textContent?.replace(/\s+/g, ' ').trim())
  expect(heads).toEqual(['源园居委会 2 行', '花溪园居委会 1 行'])
  const pick = [...document.querySelectorAll<HTMLButtonElement>('li button')].find(b => b.textContent?.includes('花溪园'))
  pick?.click()
  await flushPromises()
  expect(asked.at(-1)?.query).toBe('area=310107005003')
  expect(pick?.getAttribute('aria-pressed')).toBe('true')
  drawer.unmount()
})

test('where nothing can be drilled, the committees lead to their returns', async () => {
  serve({ [ROWS]: { ...behind, drill: false, rows: [], columns: [], total: 0 } })
  const drawer = mount(MergedDrawer, { props: { task: page, field }, attachTo: document.body, global })
  await flushPromises()
  expect(document.querySelector('table')).toBeNull()
  expect([...document.querySelectorAll('li a')].map(a => a.getAttribute('href'))).toEqual(['#/returns/310107005001', '#/returns/310107005003'])
  drawer.unmount()
})

const urged = { task: 't1', form: 'T03', period: '2026Q3', told: 0, already: 0, silent: [], at_night: false }
const named = (...names: string[]) => names.map((name, n) => ({ code: `31010700500${n}`, name }))

test.each([
  [{ told: 12 }, '已通过企业微信提醒 12 人。'],
  [{ told: 2, at_night: true }, '已通过企业微信提醒 2 人，明早 7:30 后送达。'],
  [{ told: 2, already: 3 }, '已通过企业微信提醒 2 人；另有 3 人今天已经催过。'],
  [{ already: 3 }, '3 人今天都已催过，每人每天只催一次。'],
  [{ told: 1, silent: named('甲居委会', '乙居委会', '丙居委会') }, '已通过企业微信提醒 1 人；甲居委会、乙居委会等 3 个居村名册里没有能接收消息的人。'],
  [{ silent: named('甲居委会') }, '甲居委会名册里没有能接收消息的人。'],
])('what came of urging: %o', (over, words) => {
  expect(urgedWords({ ...urged, ...over })).toBe(words)
})

test('only who still owes a return can be urged, and once a day', async () => {
  const line = (n: number, state: 'draft' | 'checking' | 'submitted', was = false) => ({
    return_id: `r${n}`, area: { code: `31010700500${n}`, name: `居委${n}` }, state, state_label: state, version: 0, submitted_at: null,
    asked_left: 0, returned_fields: 0, overdue: false, changed_since_look: false, urged: was,
  })
  const returns = [line(1, 'draft'), line(2, 'checking', true), line(3, 'submitted')]
  const table = mount(CommitteeTable, { props: { returns, urging: true, busy: false }, global })
  expect(table.findAll('button').map(b => b.attributes('aria-label'))).toEqual(['催办居委1'])
  expect(table.text()).toContain('今天已催')
  await table.get('button').trigger('click')
  expect(table.emitted('urge')).toEqual([['310107005001']])
  await table.setProps({ urging: false })
  expect(table.findAll('button')).toEqual([])
})
