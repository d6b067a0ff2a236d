import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import ChangeDialog from '../src/pages/areas/ChangeDialog.vue'
import RevealDialog from '../src/pages/registers/RevealDialog.vue'
import TaskList from '../src/pages/tasks/TaskList.vue'
import { router } from '../src/router'
import { me } from '../src/session'
import { dora, Refusal, serve } from './cast'

const global = { plugins: [router] }
const task = (id: string, approved: number) => ({
  id, form: 'T02', title: `任务${id}`, kind: 'report', period: '2026-10', period_label: '2026 年 10 月', area: dora.area, opened_on: '2026-11-01',
  cut_off: '2026-10-31', due_on: '2026-11-03', overdue: false, state: 'open',
  counts: { total: 20, draft: 20 - approved, checking: 0, submitted: 0, returned: 0, approved, overdue: 0 },
})

beforeEach(() => { me.value = dora })
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

test('tasks that are done leave the list of open ones', async () => {
  serve({ 'GET /api/tasks': [task('甲', 3), task('乙', 20)] })
  const page = mount(TaskList, { global })
  await flushPromises()
  expect(page.text()).toContain('任务甲')
  expect(page.text()).not.toContain('任务乙')
  expect(page.text()).not.toContain('发布任务')
})

test('a year without working days is announced weeks ahead', async () => {
  const reports = [['T02', '实有人口变动月报'], ['T03', '老年人口统计表']].map(([form, title]) =>
    ({ form, title, period: '2026-12', period_label: '2026年12月', opens_on: '2027-01-01' }))
  serve({ 'GET /api/tasks': [task('甲', 3)], 'GET /api/tasks/outlook': { missing_year: 2027, reports } })
  const page = mount(TaskList, { global })
  await flushPromises()
  expect(page.get('[role=status]').text()).toContain('2027 年的工作日安排还没有录入')
  expect(page.get('[role=status]').text()).toContain('2027年1月1日起要生成的《实有人口变动月报》《老年人口统计表》推算不出报送截止日')
  serve({ 'GET /api/tasks': [task('甲', 3)], 'GET /api/tasks/outlook': { missing_year: null, reports: [] } })
  const calm = mount(TaskList, { global })
  await flushPromises()
  expect(calm.find('[role=status]').exists()).toBe(false)
})

test('what the server refuses stands on the page with a way to try again', async () => {
  serve({})
  const page = mount(TaskList, { global })
  await flushPromises()
  expect(page.get('[role=alert]').text()).toContain('没有找到。')
  serve({ 'GET /api/tasks': [task('甲', 3)] })
  await page.get('[role=alert] button').trigger('click')
  await flushPromises()
  expect(page.text()).toContain('任务甲')
})

test('what is wrong with a field stands at the field, and what was written stays', async () => {
  const asked = serve({
    'GET /api/areas': [{ ...dora.area, code: '310107005001', name: '源园居委会', kind: 'committee', parent: '310107005000' }],
    'POST /api/areas/changes': new Refusal(422, { code: 'answers.bad', title: '有 1 处需要修改。', fields: [{ field: 'to', code: 'area.code_used', message: '代码 310107005009 已经用过，请换一个。' }] }),
  })
  const dialog = mount(ChangeDialog, { attachTo: document.body, global })
  await flushPromises()
  const create = [...document.querySelectorAll<HTMLElement>('.el-segmented__item')].find(i => i.textContent === '新设')
  create?.querySelector('input')?.click()
  await flushPromises()
  const [name, code] = ['居村名称', '12 位区划代码'].map(p => document.querySelector<HTMLInputElement>(`input[placeholder="${p}"]`))
  for (const [input, text] of [[name, '新园居委会'], [code, '310107005009']] as const) {
    input!.value = text
    input!.dispatchEvent(new Event('input'))
  }
  await flushPromises()
  document.querySelector<HTMLButtonElement>('.el-dialog__footer .el-button--primary')?.click()
  await flushPromises()
  expect(asked.at(-1)?.body).toMatchObject({ kind: 'create', from: [], to: [{ code: '310107005009', name: '新园居委会' }] })
  await vi.waitFor(() => expect(document.querySelector('.el-form-item__error')?.textContent).toContain('已经用过'))
  expect(name?.value).toBe('新园居委会')
  dialog.unmount()
})

test('a sealed value opens only with a reason, and the reason is sent', async () => {
  const asked = serve({ 'POST /api/people/p1/reveal': { field: 'phone', value: '138 0019 2100' } })
  const field = {
    key: 'phone', label: '联系电话', value: null, text: '138****2100', level: 3 as const, masked: true, source_label: '走访', as_of: null,
    by: null, stale: false, type: 'phone', codes: null, editable: false, differs: null,
  }
  const dialog = mount(RevealDialog, { props: { person: 'p1', field }, attachTo: document.body, global })
  await flushPromises()
  const open = () => [...document.querySelectorAll<HTMLButtonElement>('button')].find(b => b.textContent?.trim() === '查看')
  expect(open()?.disabled).toBe(true)
  const usual = [...document.querySelectorAll('button')].find(b => b.textContent === '走访前电话联系')
  usual?.click()
  await flushPromises()
  open()?.click()
  await flushPromises()
  expect(asked.at(-1)?.body).toEqual({ field: 'phone', reason: '走访前电话联系' })
  expect(dialog.emitted('revealed')).toEqual([['phone', '138 0019 2100']])
  dialog.unmount()
})
