/** 待办 and 填报 in the built mini program: the list, typing, rules, saving, handing in, and what a send-back leaves open. */
const test = require('node:test')
const assert = require('node:assert/strict')
const h = require('./host.cjs')

h.start()
const told = (method, pattern) => h.state.town.told.filter(one => one.method === method && pattern.test(one.path))
const field = (page, key) => h.one(page.dom, `f-${key}`)
const input = (page, key) => field(page, key).querySelector('wx-input')
const submit = page => h.tap(h.one(page.dom, 'sb-go'))
const drafts = () => [...h.store.keys()].filter(key => key.startsWith('kept:draft'))
async function opened(id) {
  const page = h.open('pages/return/index', { id })
  await h.until(() => h.one(page.dom, 'rh-t'), 'the head of the return')
  return page
}
test.beforeEach(() => { h.freshTown(); h.store.clear(); h.calls.length = 0; h.state.offline = false })

test('the due list shows what the server gave and opens the return that is tapped', async () => {
  const page = h.open('pages/due/index')
  await h.until(() => h.all(page.dom, 'dc').length === 5, 'five things to do')
  assert.match(h.text(page.dom), /今天有5件事要办/)
  assert.match(h.text(h.all(page.dom, 'dc')[0]), /已?退回2项/)
  assert.match(h.text(page.dom), /还要填2项共19项/)
  await h.tap(h.saying(page.dom, 'dc', '还要填2项'))
  assert.deepEqual(h.calls.at(-1), ['navigateTo', '/pages/return/index?id=ret-fill'])
  h.close(page)
})

test('without a network the list from the last time stands there, under a banner', async () => {
  const before = h.open('pages/due/index')
  await h.until(() => h.all(before.dom, 'dc').length, 'the list')
  h.close(before)
  h.state.offline = true
  const page = h.open('pages/due/index')
  await h.until(() => h.one(page.dom, 'offline'), 'the banner')
  assert.match(h.text(page.dom), /没有网络，显示的是上次看到的内容/)
  assert.equal(h.all(page.dom, 'dc').length, 5)
  h.close(page)
})

test('only the asked fields wait to be typed; the others show where they come from', async () => {
  const page = await opened('ret-fill')
  assert.equal(h.all(page.dom, 'ask').length, 2)
  assert.match(h.text(h.all(page.dom, 'kr')[0]), /户籍60岁及以上1,204人人口库 · 截至9月30日 · 由3,618行计算/)
  await h.tap(h.all(page.dom, 'kr')[0])
  const sheet = await h.until(() => h.saying(page.dom, 'sheet', '口径'), 'the sheet')
  assert.match(h.text(sheet), /公式：count\(R1/)
  assert.match(h.text(sheet), /上期1,196人（增加8）/)
  await h.tap(h.saying(sheet, 'btn', '查看明细'))
  assert.match(h.calls.at(-1)[1], /^\/pages\/return\/rows\?id=ret-fill&field=C01/)
  h.close(page)
})

test('handing in too early points at every field, with the sentence of the shared check', async () => {
  const page = await opened('ret-fill')
  assert.doesNotMatch(h.text(page.dom), /请填写“享受居家养老/)
  await submit(page)
  await h.until(() => /请填写“享受居家养老\/长护险”。/.test(h.text(field(page, 'C13'))), 'the error at its field')
  assert.equal(told('POST', /submit/).length, 0)
  assert.match(h.text(page.dom), /还差2项/)
  await h.type(input(page, 'C13'), '三十五')
  assert.match(h.text(field(page, 'C13')), /“享受居家养老\/长护险”应为数字。/)
  h.close(page)
})

test('what is typed is saved by itself under one key, and handed in with the reason for the jump', async () => {
  const page = await opened('ret-fill')
  await h.type(input(page, 'C13'), '35')
  await h.until(() => told('PUT', /draft/).length === 1, 'the draft on the server')
  const [saved] = told('PUT', /draft/)
  assert.deepEqual(saved.body, { rev: 3, form_version: 1, answers: { C13: 35 }, reasons: {} })
  assert.match(saved.headers['Idempotency-Key'], /^[0-9a-f-]{36}$/)
  await h.until(() => /已自动保存/.test(h.text(page.dom)), 'the word that it is saved')
  await h.type(h.one(page.dom, 'pc').querySelector('wx-input'), '社区排查新纳入12人')
  await h.until(() => /可以提交了/.test(h.text(page.dom)), 'nothing left')
  await submit(page)
  await h.until(() => told('POST', /submit/).length, 'the submission')
  assert.deepEqual(told('POST', /submit/)[0].body.reasons, { C09: '社区排查新纳入12人' })
  await h.until(() => /已提交，等待负责人复核/.test(h.text(page.dom)), 'the word that it went')
  assert.deepEqual(drafts(), [])
  h.close(page)
})

test('without a network the draft stays on the phone and follows when the network is back', async () => {
  const page = await opened('ret-fill')
  h.state.offline = true
  await h.type(input(page, 'C13'), '36')
  await h.until(() => /已存在手机上/.test(h.text(page.dom)), 'the word that it is kept here')
  assert.equal(JSON.parse(h.store.get(drafts()[0])).answers.C13, 36)
  h.state.offline = false
  h.state.network.forEach(listen => listen({ isConnected: true }))
  await h.until(() => told('PUT', /draft/).length === 1, 'the draft on the server')
  await h.until(() => drafts().length === 0, 'an empty shelf')
  h.close(page)
})

test('a draft left on the phone comes back, and two copies are for the person to choose', async () => {
  const page = await opened('ret-fill')
  h.state.offline = true
  await h.type(input(page, 'C13'), '36')
  await h.until(() => drafts().length, 'the draft here')
  h.close(page)
  h.state.offline = false
  Object.assign(h.state.town.returns['ret-fill'], { rev: 9, answers: { C13: 40 } })
  const again = await opened('ret-fill')
  const sheet = await h.until(() => h.saying(again.dom, 'sheet', '这份表在别处也改过'), 'the question')
  assert.match(h.text(sheet), /这台手机上36.*别处保存的40/)
  await h.tap(h.saying(sheet, 'btn', '用这台手机上的'))
  await h.until(() => told('PUT', /draft/).length === 1, 'the draft on the server')
  assert.deepEqual([told('PUT', /draft/)[0].body.rev, told('PUT', /draft/)[0].body.answers.C13], [9, 36])
  h.close(again)
})

test('a form that changed meanwhile keeps what was typed and shows the differences', async () => {
  const { town } = h.state
  const page = await opened('ret-fill')
  town.over['PUT /api/returns/ret-fill/draft'] = body => (body.form_version === 2 ? { status: 200, data: { id: 'ret-fill', rev: 5, saved_at: '', asked_left: 1, issues: [], figures: {} } }
    : town.problem(409, 'form.changed', '表单已更新到第 2 版，您填的内容已存为新版草稿，请核对变化。', { changes: [{ field: 'C18', label: '户籍老龄化率', what: 'changed' }], draft: {} }))
  town.returns['ret-fill'].form.version = 2
  await h.type(input(page, 'C13'), '35')
  const sheet = await h.until(() => h.saying(page.dom, 'sheet', '这张表刚更新过'), 'the differences')
  assert.match(h.text(sheet), /修改户籍老龄化率/)
  await h.until(() => told('PUT', /draft/).some(one => one.body.form_version === 2 && one.body.answers.C13 === 35), 'the answer in the new version')
  h.close(page)
})

test('after a send-back just the returned fields can be written, each with its remark and old value', async () => {
  const page = await opened('ret-fix')
  await h.until(() => /上次报的是 ?30人/.test(h.text(field(page, 'C13'))), 'what was handed in')
  assert.deepEqual(h.all(page.dom, 'ask').map(card => h.text(h.one(card, 'ask-t'))), ['享受居家养老/长护险', '已结对志愿者'])
  assert.match(h.text(field(page, 'C13')), /与长护险系统的35人不一致，请核对名单。李静（社区服务办） · 11月20日 10:12/)
  assert.equal(page.dom.querySelectorAll('wx-input').length, 2)
  assert.equal(h.all(page.dom, 'kr').length, 0)
  await h.tap(h.saying(page.dom, 'row', '其余17项已锁定'))
  assert.equal(h.all(page.dom, 'kr').length, 17)
  await h.type(input(page, 'C13'), '35')
  await h.until(() => told('PUT', /draft/).length === 1, 'the draft')
  assert.equal(told('PUT', /draft/)[0].body.answers.C13, 35)
  h.close(page)
})

test('a lead marks single fields and sends them back together, or passes the whole', async () => {
  const page = await opened('ret-check')
  assert.match(h.text(page.dom), /享受居家养老\/长护险30人→35人/)
  assert.equal(told('POST', /seen/).length, 1)
  await h.tap(h.all(page.dom, 'f-C13').at(-1))
  const sheet = await h.until(() => h.saying(page.dom, 'sheet', '享受居家养老'), 'the sheet')
  await h.tap(h.saying(sheet, 'btn', '退回这一项'))
  await h.type(await h.until(() => sheet.querySelector('wx-textarea'), 'room for a remark'), '请附名单')
  await h.tap(h.saying(sheet, 'btn', '记下，一起退回'))
  await h.tap(await h.until(() => h.saying(page.dom, 'btn', '退回这1项'), 'the button'))
  await h.until(() => told('POST', /send-back/).length, 'the send-back')
  assert.deepEqual(told('POST', /send-back/)[0].body, { remarks: [{ field: 'C13', remark: '请附名单' }] })
  h.close(page)
})

test('an approved return is locked, shows its digest and opens as PDF', async () => {
  const page = await opened('ret-done')
  assert.match(h.text(page.dom), /第1版已锁定，内容不可更改SM3 摘要 66c7f0f4/)
  assert.equal(page.dom.querySelectorAll('wx-input').length, 0)
  await h.tap(h.saying(page.dom, 'btn', '打开PDF'))
  await h.until(() => h.calls.some(([name]) => name === 'openDocument'), 'the document')
  assert.match(h.calls.find(([name]) => name === 'downloadFile')[1], /\/api\/returns\/ret-done\/pdf$/)
  h.close(page)
})
