import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import ReviewPage from '../src/pages/review/ReviewPage.vue'
import { router } from '../src/router'
import { me } from '../src/session'
import { aReturn, dora, serve, type Asked } from './cast'

let page: VueWrapper
let asked: Asked[]

async function open(over = {}): Promise<void> {
  asked = serve({
    'GET /api/returns/r1': aReturn(over),
    'POST /api/returns/r1/send-back': aReturn({ state: 'returned', state_label: '退回', can: [] }),
    'POST /api/returns/r1/approve': aReturn({ state: 'approved', state_label: '已审定', can: [], digest: 'ab12' }),
    'POST /api/returns/r1/seen': null,
    'GET /api/returns/r1/fields/B06/rows': { columns: [{ key: 'name', label: '姓名' }], rows: [{ id: '1', link: null, cells: { name: '陈桂芳' } }], total: 1, next: null },
  })
  page = mount(ReviewPage, { props: { id: 'r1' }, attachTo: document.body, global: { plugins: [router] } })
  await flushPromises()
}
const button = (text: string) => [...document.querySelectorAll('button')].find(b => b.textContent?.includes(text))
const posts = (end: string) => asked.filter(a => a.method === 'POST' && a.path.endsWith(end))

beforeEach(() => { me.value = dora })
afterEach(() => {
  page.unmount()
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

test('every figure stands with its value, previous value, difference, source and reason', async () => {
  await open()
  const row = page.get('tr[data-line="B06"]').text()
  for (const part of ['新增来沪', '31', '18', '+72.2%', '实有人口库', '31 行', '较上期变化超过 10%', '说明：新开公寓']) expect(row).toContain(part)
  expect(page.get('tr[data-line="B08"]').text()).toContain('人工填写')
})

test('what changed since the last look shows before and after', async () => {
  await open()
  expect(page.get('tr[data-line="B02"]').classes()).toContain('changed')
  expect(page.get('tr[data-line="B02"] del').text()).toBe('5')
})

test('a field goes back only with a remark', async () => {
  await open()
  await page.get('tr[data-line="B06"] .el-checkbox input').setValue(true)
  button('退回 1 项')?.click()
  await flushPromises()
  expect(page.text()).toContain('请写明退回意见')
  expect(posts('/send-back')).toHaveLength(0)

  await page.get('#remark-B06').setValue('与居住证登记不符')
  button('退回 1 项')?.click()
  await flushPromises()
  expect(posts('/send-back').map(p => p.body)).toEqual([{ remarks: [{ field: 'B06', remark: '与居住证登记不符' }] }])
  expect(page.text()).toContain('退回')
  expect(button('审定')).toBeUndefined()
})

test('space marks the focused row, space again unmarks it', async () => {
  await open()
  const row = page.get('tr[data-line="B02"]')
  await row.trigger('keydown', { key: ' ' })
  expect(button('退回 1 项')).toBeDefined()
  await row.trigger('keydown', { key: ' ' })
  expect(button('退回 1 项')).toBeUndefined()
})

test('approving asks once more, then shows the frozen digest', async () => {
  await open()
  button('审定')?.click()
  await flushPromises()
  expect(posts('/approve')).toHaveLength(0)
  expect(document.body.textContent).toContain('审定后数据冻结')
  const confirm = [...document.querySelectorAll<HTMLButtonElement>('.el-dialog button')].find(b => b.textContent?.trim() === '审定')
  confirm?.click()
  await flushPromises()
  expect(posts('/approve')).toHaveLength(1)
  expect(page.text()).toContain('ab12')
})

test('a figure opens to its rows', async () => {
  await open()
  await page.get('tr[data-line="B06"] .value button').trigger('click')
  await flushPromises()
  expect(document.body.textContent).toContain('陈桂芳')
})

test('an overridden computed figure is red and keeps the computed value beside it', async () => {
  await open({ answers: { B08: -1, B02: 4 }, figures: { B02: 4, B06: 31, B08: -1 } })
  expect(page.get('tr[data-line="B02"]').text()).toContain('计算值 3')
})

test('somebody who may not decide sees no marks and no decision', async () => {
  await open({ can: [] })
  expect(page.find('.el-checkbox').exists()).toBe(false)
  expect(button('审定')).toBeUndefined()
})

test('the look is recorded when the reviewer leaves, not when the page opens', async () => {
  await open()
  expect(posts('/seen')).toHaveLength(0)
  page.unmount()
  await flushPromises()
  expect(posts('/seen')).toHaveLength(1)
})
