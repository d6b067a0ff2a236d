import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import MergedDrawer from '../src/pages/tasks/MergedDrawer.vue'
import { router } from '../src/router'
import { me } from '../src/session'
import { dora, serve } from './cast'

const global = { plugins: [router] }
const counts = { total: 2, draft: 0, checking: 0, submitted: 2, returned: 0, approved: 0, overdue: 0 }
const field = { key: 'C01', label: '户籍60岁及以上', unit: '人', value: 5, how: 'sum' as const }
const page = {
  id: 't1', form: 'T03', title: '老年人口与独居老人情况统计表', kind: 'report' as const, period: '2026Q3', period_label: '2026年第三季度', area: dora.area,
  opened_on: '2026-10-01', cut_off: '2026-09-30', due_on: '2026-10-08', overdue: false, state: 'open', counts, returns: [],
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
