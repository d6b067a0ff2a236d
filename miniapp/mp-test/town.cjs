/**
 * A small imagined committee behind the API contract, for executing the built mini program without a server.
 * `town()` answers requests and remembers what it was told; nothing of it is in the product.
 */
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const definition = code => JSON.parse(readFileSync(join(__dirname, 'forms', `${code}.json`), 'utf8'))
const AREA = { code: '310107005018', name: '花溪园居委会' }
const STREET = { code: '310107005000', name: '曹杨新村街道' }
const VERBS = ['account.self', 'area.read', 'form.read', 'file.read', 'person.read', 'house.read', 'ledger.read', 'return.read', 'document.export', 'due.read', 'return.fill', 'ledger.record', 'ledger.correct', 'person.reveal', 'person.update', 'file.add', 'return.check']
const ME = {
  id: '0190a000-0000-7000-8000-000000000001', name: '张敏', corp_id: 'wwcaoyang', userid: 'zhangmin', roles: [{ key: 'worker', label: '社工' }], verbs: VERBS,
  area: { ...AREA, kind: 'committee', kind_label: '居委会', parent: STREET.code, valid_from: null, valid_to: null, succeeded_by: [] },
  area_path: [{ code: '310107000000', name: '普陀区' }, STREET, AREA], duties: [],
}
const VALUES = { C01: 1204, C02: 642, C03: 268, C04: 301, C05: 412, C06: 187, C07: 34, C08: 2, C09: 86, C10: 9, C11: 154, C12: 47, C14: 63, C15: 71, C16: 388, C17: 97.7, C19: 1377 }
const PREVIOUS = { ...VALUES, C01: 1196, C03: 262, C06: 185, C09: 74, C16: 402, C17: 98.6, C19: 1371 }

function known(fields, typed) {
  const rows = { C01: 3618, C02: 3618, C19: 3971, C09: 249, C16: 388 }
  const source = code => (/C0?(9|1[0-7])$/.test(code) ? '独居老人台账' : '人口库')
  return Object.fromEntries(fields.filter(field => !typed.includes(field.key)).map(field => [field.key, {
    value: VALUES[field.key] ?? null, source: 'R1', source_label: source(field.key), as_of: '2026-09-30', how: rows[field.key] ? `由${rows[field.key].toLocaleString('en')}行计算` : null,
    rows: rows[field.key] ?? null, drill: rows[field.key] !== undefined, formula: field.formula ?? null, caliber: field.caliber ?? null, previous: PREVIOUS[field.key] ?? null,
  }]))
}

function report(id, over = {}) {
  const form = definition('T03')
  const asked = ['C13', 'C18']
  return {
    id, task_id: `task-${id}`, form: { code: 'T03', title: form.title, version: 1, kind: 'report' }, definition: form, period: '2026Q3', period_label: '2026年第三季度',
    period_start: '2026-07-01', period_end: '2026-09-30', cut_off: '2026-09-30T23:59:59+08:00', due_on: '2026-11-25', overdue: false, area: AREA, state: 'draft', state_label: '待填报',
    version: 1, rev: 3, answers: {}, reasons: {}, known: known(form.fields, asked), figures: {}, asked, open: form.fields.map(field => field.key), remarks: [],
    issues: [{ field: 'C09', code: 'swing', message: '独居老人比上期多16%（74→86），请说明原因。', kind: 'warning' }], changes: [], steps: [], can: ['save', 'submit', 'recompute'], digest: null, ...over,
  }
}

const STEPS = [{ what: 'submit', label: '提交', by: '张敏', at: '2026-11-19T16:20:00+08:00', note: null }, { what: 'check', label: '复核通过', by: '陈国强', at: '2026-11-19T17:05:00+08:00', note: null }]
const RETURNED = () => report('ret-fix', {
  title: '', state: 'returned', state_label: '已退回', version: 2, rev: 5, answers: { C13: 30, C18: 27.4 }, reasons: { C09: '今年社区排查新纳入12人' }, issues: [], open: ['C13', 'C15'], asked: ['C13', 'C18'], due_on: '2026-11-24',
  remarks: [
    { field: 'C13', label: '享受居家养老/长护险', remark: '与长护险系统的35人不一致，请核对名单。', by: '李静（社区服务办）', at: '2026-11-20T10:12:00+08:00', version: 1 },
    { field: 'C15', label: '已结对志愿者', remark: '三季度新增结对没有算进来，请确认。', by: '李静（社区服务办）', at: '2026-11-20T10:12:00+08:00', version: 1 },
  ],
  steps: [...STEPS, { what: 'send_back', label: '退回2项', by: '李静', at: '2026-11-20T10:12:00+08:00', note: null }],
})
const CHECKING = () => report('ret-check', {
  state: 'checking', state_label: '待复核', answers: { C13: 35, C18: 27.4 }, reasons: { C09: '今年社区排查新纳入12人' }, issues: [], open: [], can: ['check', 'send_back'],
  changes: [{ field: 'C13', label: '享受居家养老/长护险', before: 30, after: 35 }], steps: STEPS.slice(0, 1),
})
const APPROVED = () => report('ret-done', {
  state: 'approved', state_label: '已审定', answers: { C13: 35, C18: 27.4 }, issues: [], open: [], can: [], digest: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  steps: [...STEPS, { what: 'approve', label: '审定通过', by: '李静', at: '2026-11-21T09:40:00+08:00', note: '数据一致' }],
})

const due = (id, title, todo, over = {}) => ({
  return_id: id, task_id: `task-${id}`, form: 'T03', title, kind: 'report', period: '2026Q3', period_label: '2026年第三季度', due_on: '2026-11-25', days_left: 2, overdue: false, area: AREA,
  state: 'draft', state_label: '待填报', todo, asked_left: 0, fields_total: 19, returned_fields: 0, ...over,
})
const DUE = [
  due('ret-fill', '老年人口与独居老人情况统计表', 'fill', { asked_left: 2 }),
  due('ret-late', '实有人口变动月报', 'fill', { asked_left: 1, fields_total: 14, period_label: '2026年10月', due_on: '2026-11-20', days_left: -3, overdue: true }),
  due('ret-easy', '矛盾纠纷排查化解情况月报', 'fill', { fields_total: 21, period_label: '2026年10月', due_on: '2026-12-03', days_left: 10 }),
  due('ret-fix', '老年人口与独居老人情况统计表', 'fix', { period_label: '2026年第二季度', state: 'returned', state_label: '已退回', returned_fields: 2, due_on: '2026-11-24', days_left: 1 }),
  due('ret-check', '实有人口变动月报', 'check', { period_label: '2026年9月', state: 'checking', state_label: '待复核', due_on: '2026-11-30', days_left: 7 }),
  due('ret-done', '矛盾纠纷排查化解情况月报', 'none', { period_label: '2026年9月', state: 'approved', state_label: '已审定', due_on: '2026-10-08', days_left: -46 }),
  due('ret-sent', '实有人口变动月报', 'none', { period_label: '2026年8月', state: 'submitted', state_label: '已上报', due_on: '2026-09-03', days_left: -81 }),
]

const LINES = [
  { id: 'p1', name: '王秀英', sex_label: '女', age: 84, id_no: '310199********0024', phone: '138****5621', address: '枣阳路120弄12号302室', tags: ['独居', '80岁以上'], residence_label: '户籍人口' },
  { id: 'p2', name: '王建国', sex_label: '男', age: 57, id_no: '310199********1138', phone: '139****0087', address: '枣阳路120弄7号501室', tags: [], residence_label: '户籍人口' },
  { id: 'p3', name: '王雨桐', sex_label: '女', age: 9, id_no: '310199********4623', phone: '', address: '枣阳路120弄7号501室', tags: [], residence_label: '来沪人员' },
]
const HOUSES = [{ id: 'h1', address: '枣阳路120弄12号302室', occupancy_label: '自住', people: 1, households: 1 }, { id: 'h2', address: '枣阳路120弄7号501室', occupancy_label: '出租', people: 4, households: 2 }]
const value = (key, label, text, over = {}) => ({ key, label, value: text, text, level: 2, masked: false, source_label: '人口库', as_of: '2026-11-02', by: null, stale: false, type: 'text', editable: false, ...over })
const PERSON = line => ({
  id: line.id, name: line.name, area: AREA, tags: line.tags, household: { id: 'hh1', hh_no: '户号 310107-0012302', head: line.name, members: [{ id: line.id, name: line.name, relation_label: '户主', age: line.age }, { id: 'p9', name: '王志远', relation_label: '子', age: 56 }] },
  house: { id: 'h1', address: line.address }, ledgers: [{ ledger: 'L01', title: '走访联系居民记录', count: 14, last_at: '2026-11-16T09:20:00+08:00' }, { ledger: 'L02', title: '独居老人关爱台账', count: 1, last_at: '2026-11-02T00:00:00+08:00' }],
  fields: [
    value('name', '姓名', line.name), value('id_no', '证件号码', line.id_no, { level: 3, masked: true, type: 'id_no' }), value('sex', '性别', line.sex_label), value('age', '年龄', String(line.age)),
    value('phone', '联系电话', line.phone, { level: 3, masked: true, type: 'phone', editable: true, source_label: '走访更新', by: '张敏', as_of: '2026-06-12' }),
    value('marital', '婚姻状况', '丧偶', { type: 'code', value: '30', codes: [{ code: '10', label: '未婚' }, { code: '20', label: '已婚' }, { code: '30', label: '丧偶' }, { code: '40', label: '离婚' }], editable: true, stale: true, as_of: '2024-03-18' }),
    value('live_addr', '居住地址', line.address, { level: 3, source_label: '房屋库', type: 'address' }), value('emergency', '紧急联系人', '王志远（子）', { editable: true, source_label: '独居老人台账' }),
  ],
})
const HOUSE = line => ({
  id: line.id, address: line.address, area: AREA, fields: [value('use', '房屋用途', '居住', { source_label: '房屋库' }), value('area_m2', '建筑面积', '43.6平方米', { source_label: '房屋库' }), value('occupancy', '居住情况', line.occupancy_label, { source_label: '房屋库', editable: true })],
  households: [{ id: 'hh1', hh_no: '0012302', head: '王秀英', members: [{ id: 'p1', name: '王秀英', age: 84, relation_label: '户主', tags: ['独居', '80岁以上'] }] }], visits: [{ id: 'e1', at: '2026-11-16T09:20:00+08:00', result: '见到本人', by: '张敏' }],
})
const LEDGERS = [
  { code: 'L01', title: '走访联系居民记录', asker: '党建办、自治办', entries: 1286, last_at: '2026-11-23T08:40:00+08:00', recordable: true },
  { code: 'L15', title: '矛盾纠纷排查调解台账', asker: '司法所、平安办', entries: 43, last_at: '2026-11-18T15:10:00+08:00', recordable: true },
  { code: 'L02', title: '独居（孤老、纯老）老人关爱台账', asker: '社区服务办', entries: 249, last_at: '2026-11-22T00:00:00+08:00', recordable: false },
]
const COLUMNS = [['visit_time', '走访时间'], ['name', '姓名'], ['live_addr', '居住地址'], ['visit_kind', '走访类型'], ['met', '走访结果'], ['content', '走访内容']].map(([key, label]) => ({ key, label, width: 20 }))
const ROWS = [
  { id: 'e1', at: '2026-11-23T08:40:00+08:00', by: '张敏', state: 'good', person: 'p1', house: 'h1', cells: { visit_time: '11月23日 08:40', name: '王秀英', live_addr: '枣阳路120弄12号302室', visit_kind: '独居关爱', met: '见到本人', content: '精神很好，午饭在食堂吃。提醒关好燃气，约好下周陪去配药。' } },
  { id: 'e2', at: '2026-11-22T15:05:00+08:00', by: '张敏', state: 'corrected', person: 'p2', house: 'h2', cells: { visit_time: '11月22日 15:05', name: '王建国', live_addr: '枣阳路120弄7号501室', visit_kind: '日常', met: '无人应门', content: '门口留条。' } },
]
const ENTRY = { id: 'e1', ledger: 'L01', title: '走访联系居民记录', no: 'L01-20261123-0007', at: '2026-11-23T08:40:00+08:00', by: '张敏', area: AREA, person: { id: 'p1', name: '王秀英' }, house: { id: 'h1', address: '枣阳路120弄12号302室' }, wrote_by: '张敏', corrects: null, corrected_by: null, reason: null,
  photos: [{ id: 'f1', url: '', thumb_url: '' }], fields: [value('visit_kind', '走访类型', '独居关爱', { type: 'code', value: '独居关爱' }), value('visit_way', '方式', '上门', { type: 'code' }), value('met', '走访结果', '见到本人', { type: 'code' }), value('content', '走访内容', ROWS[0].cells.content), value('handle', '处理方式', '持续关注', { type: 'code' })] }
const ledgerForm = (code, person) => ({
  definition: definition(code), subject: { person: { id: person.id, name: person.name }, house: { id: 'h1', address: person.address }, household: { id: 'hh1' } },
  known: Object.fromEntries([['name', person.name, '人口库'], ['id_no', person.id_no, '人口库'], ['sex', '2', '由证件号码得出'], ['age', person.age, '由出生日期得出'], ['phone', person.phone, '走访更新'], ['live_addr', person.address, '房屋库'], ['house_ref', { id: 'h1', label: person.address }, '房屋库'], ['hh_head', { id: person.id, label: person.name }, '户库'], ['committee', AREA.code, '登录身份']]
    .map(([key, given, source_label]) => [key, { value: given, source: 'R1', source_label, as_of: '2026-11-02', how: null, rows: null, drill: false, formula: null, caliber: null, previous: null }])),
  colleagues: [],
  asked: definition(code).fields.filter(field => field.source === 'typed' || field.key === 'next_visit' || field.key === 'name_b').map(field => field.key),
})
const problem = (status, code, title, more = {}) => ({ status, data: { type: `/problems/${code}`, code, title, status, ...more } })

/** `told` is every request in order; `over` may replace the answer to "METHOD path". */
function town() {
  const returns = { 'ret-fill': report('ret-fill'), 'ret-fix': RETURNED(), 'ret-check': CHECKING(), 'ret-done': APPROVED() }
  const told = []
  const over = {}
  const tokens = () => ({ access_token: `access-${told.length}`, expires_in: 900, refresh_token: `refresh-${told.length}`, me: ME })
  const page = rows => ({ rows, total: rows.length, next: null })

  const ROUTES = [
    ['POST', /^\/api\/sign-in\/(mini|refresh)$/, tokens],
    ['POST', /^\/api\/sign-out$/, () => null],
    ['GET', /^\/api\/sign-in\/corps$/, () => [{ corp_id: 'wwcaoyang', name: '曹杨新村街道' }]],
    ['GET', /^\/api\/me$/, () => ME],
    ['GET', /^\/api\/me\/sessions$/, () => [{ id: 's1', device: '企业微信 · iPhone', created_at: '2026-11-20T08:01:00+08:00', last_seen_at: '2026-11-23T08:40:00+08:00', current: true }, { id: 's2', device: '电脑 · Chrome', created_at: '2026-11-03T09:30:00+08:00', last_seen_at: '2026-11-19T17:20:00+08:00', current: false }]],
    ['GET', /^\/api\/due$/, () => DUE],
    ['GET', /^\/api\/returns\/([^/]+)$/, id => returns[id]],
    ['PUT', /^\/api\/returns\/([^/]+)\/draft$/, (id, body) => { Object.assign(returns[id], { answers: body.answers, reasons: body.reasons, rev: returns[id].rev + 1 }); return { id, rev: returns[id].rev, saved_at: '2026-11-23T09:00:00+08:00', asked_left: 0, figures: returns[id].figures, issues: returns[id].issues } }],
    ['POST', /^\/api\/returns\/([^/]+)\/submit$/, (id, body) => { Object.assign(returns[id], { answers: body.answers, reasons: body.reasons, state: 'checking', state_label: '待复核', can: [], open: [], issues: [] }); return { id, form: 'T03', period: '2026Q3', state: 'checking', state_label: '待复核', version: 1, rev: returns[id].rev, digest: '66c7f0f4' } }],
    ['POST', /^\/api\/returns\/([^/]+)\/send-back$/, (id, body) => (returns[id] = { ...returns[id], state: 'returned', state_label: '已退回', can: [], remarks: body.remarks })],
    ['POST', /^\/api\/returns\/([^/]+)\/(check|approve)$/, id => (returns[id] = { ...returns[id], state: 'submitted', state_label: '已上报', can: [] })],
    ['POST', /^\/api\/returns\/([^/]+)\/seen$/, () => null],
    ['GET', /^\/api\/returns\/([^/]+)\/versions$/, () => [{ n: 1, answers: { C13: 30 }, figures: { C13: 30, C15: 71 }, submitted_by: '张敏', submitted_at: '2026-11-19T16:20:00+08:00', digest: '', state: 'returned', state_label: '已退回' }]],
    ['GET', /^\/api\/returns\/([^/]+)\/fields\/([^/]+)\/rows$/, () => ({ columns: [['name', '姓名'], ['sex', '性别'], ['age', '年龄'], ['live_addr', '居住地址']].map(([key, label]) => ({ key, label })), ...page(LINES.map(line => ({ id: line.id, link: `/api/people/${line.id}`, cells: { name: line.name, sex: line.sex_label, age: `${line.age}岁`, live_addr: line.address } }))) })],
    ['GET', /^\/api\/people$/, (_body, query) => page(LINES.filter(line => (line.name + line.address + line.phone).includes(query.q ?? '')))],
    ['GET', /^\/api\/people\/([^/]+)$/, id => PERSON(LINES.find(line => line.id === id) ?? LINES[0])],
    ['POST', /^\/api\/people\/([^/]+)\/reveal$/, (_id, body) => ({ field: body.field, value: body.field === 'phone' ? '13800005621' : '310199194203150024' })],
    ['POST', /^\/api\/people\/([^/]+)\/values$/, id => PERSON(LINES.find(line => line.id === id) ?? LINES[0])],
    ['GET', /^\/api\/houses$/, () => page(HOUSES)],
    ['GET', /^\/api\/houses\/([^/]+)$/, id => HOUSE(HOUSES.find(house => house.id === id) ?? HOUSES[0])],
    ['GET', /^\/api\/forms\/([^/]+)$/, code => definition(code)],
    ['GET', /^\/api\/ledgers$/, () => LEDGERS],
    ['GET', /^\/api\/ledgers\/([^/]+)\/rows$/, code => ({ columns: COLUMNS, ...page(code === 'L15' ? [] : ROWS) })],
    ['GET', /^\/api\/ledgers\/([^/]+)\/form$/, (code, _body, query) => ledgerForm(code, LINES.find(line => line.id === query.person) ?? LINES[0])],
    ['POST', /^\/api\/ledgers\/([^/]+)\/entries$/, () => ENTRY],
    ['GET', /^\/api\/ledgers\/([^/]+)\/entries\/([^/]+)$/, () => ENTRY],
    ['POST', /^\/api\/ledgers\/([^/]+)\/entries\/([^/]+)\/correct$/, () => ({ ...ENTRY, id: 'e3', corrects: 'e1' })],
    ['POST', /^\/api\/files$/, () => ({ id: `file-${told.length}`, url: '', thumb_url: '', width: 1600, height: 1200 })],
  ]

  function answer(method, url, body, headers = {}) {
    const [path, search = ''] = url.replace(/^https?:\/\/[^/]+/, '').split('?')
    told.push({ method, path, body, headers })
    const given = over[`${method} ${path}`]
    if (given) return given(body)
    const query = Object.fromEntries(search.split('&').filter(Boolean).map(pair => pair.split('=').map(decodeURIComponent)))
    for (const [verb, pattern, act] of ROUTES) {
      const match = verb === method && pattern.exec(path)
      if (!match) continue
      const data = act(...match.slice(1), body, query)
      return data === undefined ? problem(404, 'thing.missing', '没有找到这张表，或者它不在您的管辖范围内。') : { status: data === null ? 204 : 200, data }
    }
    return problem(404, 'path.unknown', '没有这个地址。')
  }
  return { answer, told, over, returns, problem }
}
module.exports = { town, ME }
