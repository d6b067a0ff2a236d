/** Experience officers in the built mini program, and what everybody has: orders without a network, a call to confirm, complaints. */
const test = require('node:test')
const assert = require('node:assert/strict')
const h = require('./host.cjs')
const { ME } = require('./town.cjs')

h.start()
const told = (method, pattern) => h.state.town.told.filter(one => one.method === method && pattern.test(one.path))
const gives = (what, data) => { h.state.town.over[what] = () => ({ status: 200, data }) }
const AREA = { code: '310107005018', name: '花溪园居委会' }
const OFFICER = { ...ME, name: '周敏', corp_id: null, userid: null, roles: [{ key: 'officer', label: '治理体验官' }], verbs: ['account.self', 'file.add', 'finding.send', 'complaint.send'], officer: { field: 'resident', field_label: '热心居民', term_from: '2026-09-01', term_until: '2027-08-31' } }
const CARD = { street: '曹杨新村街道', field: 'resident', field_label: '热心居民', name: null, term_from: '2026-09-01', term_until: '2027-08-31', back: false }
const line = (id, state, over = {}) => ({ id, no: `体005-${id}`, rev: 3, scene: 'meals', scene_label: '养老助餐', place: '花溪路12号', area: AREA, state, state_label: { sent: '已提交', answered: '待评价', working: '整改中' }[state], decision: null, decision_label: null, mission: null, sent_at: '2026-11-20T09:00:00+08:00', due: null, late: false, ...over })
const mine = (state, over = {}) => ({ ...line('f1', state), content: '台阶没有扶手。', answers: [], lng: null, lat: null, handy: 2, useful: null, liked: null, photos: [], mission_title: null, reason: null, order_stage: null, reply: '扶手已装好。', before: [], after: [], answered_at: '2026-11-22T09:00:00+08:00', solved: null, satisfied: null, judgement: null, steps: [{ act: 'send', label: '提交', at: '2026-11-20T09:00:00+08:00', words: null }], may: state === 'answered' ? ['judge'] : [], ...over })
const ORDER = {
  id: 'o1', no: '普005-20261123-0001', rev: 4, title: '路灯不亮', content: '3号楼门前路灯坏了。', source: '01', source_label: '12345市民热线', category: 'A1', category_label: '路灯', category_path: ['部件', '路灯'], urge: '一般', severity: 'B', stage: 'handling', stage_label: '处理', area: AREA, place: '3号楼', unit: null, handler: null,
  received_at: '2026-11-23T08:00:00+08:00', due: { kind: 'handle', label: '办理', at: '2026-11-25T17:30:00+08:00', state: 'fine' }, asks: [], may: ['note', 'help'], photos: [], photos_after: [], caller: null, guesses: [], clocks: [], similar: [], steps: [], reply: null, redo: 0, reopened: 0,
}

test.beforeEach(() => {
  h.freshTown()
  h.store.clear()
  h.calls.length = 0
  h.state.offline = false
  gives('GET /api/sign-in/officer', CARD)
  gives('POST /api/sign-in/officer', { access_token: 'a', expires_in: 900, refresh_token: 'r', me: OFFICER })
  gives('GET /api/officer/scenes', [{ key: 'meals', label: '养老助餐' }, { key: 'parks', label: '公共设施' }])
  gives('GET /api/officer/findings', [line('f0', 'working'), line('f1', 'answered')])
  gives('GET /api/officer/missions', [])
  gives('GET /api/officer/lists', [])
  gives('GET /api/officer/nearby', [{ id: 'k1', kind: 'finding', title: '食堂门口台阶没有扶手', area: AREA, state_label: '整改中', metres: 20, since: '2026-11-18', reply: null, photos: [], following: false }])
  gives('GET /api/officer/subscriptions', [])
})

test('the scanned code opens the invitation; it is taken with the WeChat of whoever holds the phone', async () => {
  const page = h.open('pages/officer/accept/index', { q: encodeURIComponent('https://jucun.example/o/AaIHhwV8cQOFMhjpY4X-0eYJ') })
  await h.until(() => /邀请您担任治理体验官/.test(h.text(page.dom)), 'the invitation')
  await h.type(page.dom.querySelector('wx-input'), '周敏')
  await h.tap(h.saying(page.dom, 'btn', '接受邀请'))
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'the first page')
  const [{ body }] = told('POST', /sign-in\/officer$/)
  assert.equal(body.invite, 'AaIHhwV8cQOFMhjpY4X-0eYJ')
  assert.equal(body.name, '周敏')
  assert.match(body.code, /^wx-code/)
  assert.ok(body.key.length >= 16)
  assert.equal(h.calls.at(-1)[1], '/pages/officer/home/index')
  h.close(page)
})

test('what waits for the officer stands first, and the first page of staff is not theirs', async () => {
  const page = h.open('pages/officer/home/index')
  await h.until(() => h.all(page.dom, 'fc').length === 2, 'the findings')
  assert.match(h.text(h.all(page.dom, 'fc')[0]), /待评价.*请您看看是否解决/)
  assert.match(h.text(page.dom), /周敏，您好/)
  h.close(page)
  const due = h.open('pages/due/index')
  await h.until(() => h.calls.some(([name, url]) => name === 'reLaunch' && url === '/pages/officer/home/index'), 'their own page')
  h.close(due)
})

test('a finding is kept without a network and sent under its first key; a known case is followed instead', async () => {
  const page = h.open('pages/officer/report/index')
  await h.until(() => h.saying(page.dom, 'chip', '养老助餐'), 'the scenes')
  await h.tap(h.saying(page.dom, 'chip', '养老助餐'))
  await h.type(page.dom.querySelector('wx-input'), '花溪路12号')
  await h.until(() => /附近已经有人反映/.test(h.text(page.dom)), 'the known case')
  gives('POST /api/officer/nearby/k1/follow', { id: 'k1', kind: 'finding', following: true })
  await h.tap(h.saying(page.dom, 'btn', '关注'))
  await h.until(() => /已关注/.test(h.text(h.one(page.dom, 'nb'))), 'that it is followed')
  await h.type(page.dom.querySelector('wx-textarea'), '台阶没有扶手。')
  h.state.offline = true
  await h.tap(h.saying(page.dom, 'btn', '提交'))
  await h.until(() => /已存在手机上/.test(h.text(page.dom)), 'that it is kept')
  h.close(page)
  h.state.offline = false
  gives('POST /api/officer/findings', mine('sent', { reply: null }))
  const again = h.open('pages/officer/report/index')
  await h.until(() => h.attribute(again.dom.querySelector('wx-textarea'), 'value') === '台阶没有扶手。', 'what was written')
  await h.tap(h.saying(again.dom, 'btn', '提交'))
  await h.until(() => told('POST', /officer\/findings$/).length, 'the finding')
  const [{ body, headers }] = told('POST', /officer\/findings$/)
  assert.deepEqual([body.scene, body.content, body.place], ['meals', '台阶没有扶手。', '花溪路12号'])
  assert.match(headers['Idempotency-Key'], /^[0-9a-f-]{36}$/)
  h.close(again)
})

test('"not solved" is said with a reason', async () => {
  gives('GET /api/officer/findings/f1', mine('answered'))
  gives('POST /api/officer/findings/f1/judge', mine('working'))
  const page = h.open('pages/officer/finding/index', { id: 'f1' })
  await h.until(() => /问题解决了吗/.test(h.text(page.dom)), 'the question')
  await h.tap(h.saying(page.dom, 'btn', '没有解决'))
  await h.type(page.dom.querySelector('wx-textarea'), '还是没有扶手。')
  await h.tap(h.saying(page.dom, 'btn', '提交评价'))
  await h.until(() => /整改中/.test(h.text(page.dom)), 'that it goes on')
  assert.deepEqual(told('POST', /judge$/)[0].body, { rev: 3, solved: false, satisfied: '不满意', reason: '还是没有扶手。' })
  h.close(page)
})

test('acts on an order wait for the network, go out in order, and a refusal is told in words', async () => {
  gives('GET /api/orders/o1', ORDER)
  gives('POST /api/orders/o1/note', { ...ORDER, rev: 5 })
  h.state.town.over['POST /api/orders/o1/help'] = () => h.state.town.problem(409, 'order.changed', '这件工单刚刚有人办过，请看最新情况。')
  const page = h.open('pages/orders/order', { id: 'o1' })
  await h.until(() => /路灯不亮/.test(h.text(page.dom)), 'the order')
  h.state.offline = true
  for (const [act, words] of [['记录进展', '灯泡已买好。'], ['请求支援', '要登高车。']]) {
    await h.tap(h.saying(page.dom, 'btn', '更多'))
    await h.tap(await h.until(() => h.saying(page.dom, 'row', act), act))
    await h.type(await h.until(() => page.dom.querySelector('wx-textarea'), 'the question'), words)
    await h.tap(h.all(page.dom, 'btn-main').at(-1))
    await h.rest(100)
  }
  assert.equal([...h.store.keys()].filter(key => key.startsWith('kept:deed')).length, 2)
  h.state.offline = false
  h.state.network.forEach(listen => listen({ isConnected: true }))
  await h.until(() => /这件工单刚刚有人办过/.test(h.text(page.dom)), 'the reason')
  assert.deepEqual(told('POST', /o1\/(note|help)$/).map(one => one.path.split('/').pop()), ['note', 'help'])
  assert.equal([...h.store.keys()].filter(key => key.startsWith('kept:deed')).length, 1)
  h.close(page)
})

test('a complaint goes from any page and says where, unless one leaves that out', async () => {
  gives('GET /api/complaints/mine', [])
  gives('POST /api/complaints', { id: 'c1' })
  const from = h.open('pages/officer/home/index')
  await h.tap(await h.until(() => h.saying(from.dom, 'btn', '投诉建议'), 'the button'))
  const [, url] = h.calls.find(([name, at]) => name === 'navigateTo' && at.startsWith('/pages/complaint/index'))
  h.close(from)
  const query = Object.fromEntries(url.split('?')[1].split('&').map(pair => pair.split('=').map(decodeURIComponent)))
  const page = h.open('pages/complaint/index', query)
  await h.type(await h.until(() => page.dom.querySelector('wx-textarea'), 'the box'), '字太小，看不清。')
  await h.tap(h.saying(page.dom, 'btn', '提交'))
  await h.until(() => told('POST', /complaints$/).length, 'the complaint')
  assert.deepEqual(told('POST', /complaints$/)[0].body, { content: '字太小，看不清。', screen: '治理体验官 /pages/officer/home/index', photos: [] })
  h.close(page)
})

test('a call to everybody is confirmed with one tap, or with a cry for help', async () => {
  gives('POST /api/sign-in/officer', { access_token: 'a', expires_in: 900, refresh_token: 'r', me: { ...ME, verbs: [...ME.verbs, 'emergency.confirm'] } })
  const door = h.open('pages/officer/accept/index', { invite: 'AaIHhwV8cQOFMhjpY4X-0eYJ' })
  await h.until(() => /邀请您担任/.test(h.text(door.dom)), 'the door')
  await h.type(door.dom.querySelector('wx-input'), '张敏')
  await h.tap(h.saying(door.dom, 'btn', '接受邀请'))
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'the first page')
  h.close(door)
  gives('GET /api/emergencies/calls', [{ id: 'call1', words: '请立即到岗。', at: '2026-11-23T15:00:00+08:00', until: '2026-11-23T16:30:00+08:00', by: '沈敏', total: 5, confirmed: 0, help: 0, failed: 0, waiting: 5, emergency: 'e1', people: [] }])
  gives('POST /api/emergencies/calls/call1/confirm', { call: 'call1', at: '2026-11-23T15:05:00+08:00', help: true })
  const page = h.open('pages/due/index')
  await h.until(() => /请立即到岗。/.test(h.text(page.dom)), 'the call')
  await h.tap(h.saying(page.dom, 'btn', '收到，需要支援'))
  await h.until(() => told('POST', /confirm$/).length, 'the confirmation')
  assert.deepEqual(told('POST', /confirm$/)[0].body, { help: true })
  h.close(page)
})
