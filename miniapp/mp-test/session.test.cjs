/** Signing in and out of the built mini program, the token's rotation, and the size of the text. */
const test = require('node:test')
const assert = require('node:assert/strict')
const h = require('./host.cjs')

h.start()
const told = (method, pattern) => h.state.town.told.filter(one => one.method === method && pattern.test(one.path))
const refused = (code, title, status = 401) => () => h.state.town.problem(status, code, title)
test.beforeEach(() => { h.freshTown(); h.store.clear(); h.calls.length = 0; h.state.offline = false })

test('nobody is signed in: one refresh for all, then the sign-in page that leads back', async () => {
  h.state.town.over['POST /api/sign-in/refresh'] = refused('session.required', '请先登录。')
  const page = h.open('pages/ledgers/index')
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'the sign-in page')
  assert.equal(h.calls.at(-1)[1], '/pages/sign-in/index?next=%2Fpages%2Fledgers%2Findex')
  h.close(page)
})

test('a login code is traded; when it belongs to another corp, a fresh one is traded there, once', async () => {
  h.store.set('corp', 'wwchangfeng')
  h.state.town.over['POST /api/sign-in/mini'] = body => {
    if (body.corp_id === 'wwchangfeng') return h.state.town.problem(409, 'wecom.other_corp', '您现在在另一个企业里，请重新登录。', { corp_id: 'wwcaoyang' })
    return { status: 200, data: { access_token: 'a', expires_in: 900, refresh_token: 'r', me: require('./town.cjs').ME } }
  }
  const page = h.open('pages/sign-in/index', { next: '/pages/records/index' })
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'the page one came from')
  const codes = told('POST', /mini$/).map(one => one.body)
  assert.deepEqual(codes.map(one => one.corp_id), ['wwchangfeng', 'wwcaoyang'])
  assert.notEqual(codes[0].code, codes[1].code)
  assert.equal(h.calls.at(-1)[1], '/pages/records/index')
  assert.deepEqual([h.store.get('corp'), h.store.get('refresh')], ['wwcaoyang', 'r'])
  h.close(page)
})

test('an unknown person is told so in plain words and may try again', async () => {
  h.state.town.over['POST /api/sign-in/mini'] = refused('account.unknown', '您还不在居村通的名册里，请联系街道数据专员。', 403)
  const page = h.open('pages/sign-in/index', {})
  await h.until(() => /您还不在居村通的名册里/.test(h.text(page.dom)), 'the sentence')
  await h.tap(h.saying(page.dom, 'btn', '企业微信登录'))
  await h.until(() => told('POST', /mini$/).length === 2, 'another try')
  h.close(page)
})

test('a link to elsewhere is not followed after signing in', async () => {
  const page = h.open('pages/sign-in/index', { next: 'https://elsewhere.example/pages/due/index' })
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'a page')
  assert.equal(h.calls.at(-1)[1], '/pages/due/index')
  h.close(page)
})

test('a token that was refused is renewed once and the question asked again', async () => {
  let first = true
  h.state.town.over['GET /api/ledgers'] = () => (first ? ((first = false), h.state.town.problem(401, 'session.over', '登录已失效，请重新登录。')) : { status: 200, data: [] })
  const page = h.open('pages/ledgers/index')
  await h.until(() => /还没有台账/.test(h.text(page.dom)), 'the empty list')
  assert.equal(told('GET', /ledgers$/).length, 2)
  h.close(page)
})

test('the large text is a class on every page and is remembered', async () => {
  const page = h.open('pages/me/index')
  await h.until(() => h.one(page.dom, 'size-big'), 'the sizes')
  await h.tap(h.one(page.dom, 'size-big'))
  await h.until(() => h.one(page.dom, 'big'), 'the class')
  assert.equal(h.store.get('size'), 'big')
  h.close(page)
  const due = h.open('pages/due/index')
  assert.ok(h.one(due.dom, 'big'))
  await h.tap(h.one(due.dom, 'aa'))
  assert.equal(h.store.get('size'), 'normal', 'the way back stands on the first page')
  await h.tap(h.all(due.dom, 'tab')[4])
  assert.deepEqual(h.calls.at(-1), ['switchTab', '/pages/me/index'])
  h.close(due)
})

test('signing out asks first, tells the server, and leaves nothing of the person here', async () => {
  const page = h.open('pages/me/index')
  h.store.set('kept:draft:x:1', '{}')
  await h.rest(100)
  await h.tap(h.saying(page.dom, 'btn', '退出登录'))
  const question = await h.until(() => h.one(page.dom, 'qu'), 'the question')
  assert.match(h.text(question), /退出登录？这台手机上的草稿和缓存会一并清除。/)
  await h.tap(h.all(question, 'btn').at(-1))
  await h.until(() => h.calls.some(([name]) => name === 'reLaunch'), 'the sign-in page')
  assert.equal(told('POST', /sign-out$/).length, 1)
  assert.deepEqual([...h.store.keys()].filter(key => key.startsWith('kept:') || key === 'refresh' || key === 'me'), [])
  h.close(page)
})
