/** The standing cast of the console's tests: a person, a return, and a server that remembers what it was asked. */
import type { Me, Return } from '@jucun/shared/contract'
import type { FieldDef } from '@jucun/shared/definition'
import { vi } from 'vitest'

export const dora: Me = {
  id: 'dora', name: '周敏', corp_id: 'ww1', userid: 'zhoumin', roles: [{ key: 'section', label: '科室经办' }],
  verbs: ['task.read', 'return.read', 'return.review', 'person.read', 'person.reveal', 'area.read'],
  area: { code: '310107005000', name: '曹杨新村街道', kind: 'street', kind_label: '街道', parent: '310107000000', valid_from: null, valid_to: null, succeeded_by: [] },
  area_path: [{ code: '310107000000', name: '普陀区' }, { code: '310107005000', name: '曹杨新村街道' }], duties: [], officer: null,
}

export function field(key: string, label: string, over: Partial<FieldDef> = {}): FieldDef {
  return { key, label, type: 'integer', unit: '人', required: true, level: 1, source: 'computed', source_label: '计算', ...over }
}

const known = (value: number | null, previous: number) => ({
  value, previous, source: 'R1', source_label: '实有人口库', as_of: '2026-10-31T23:59:59+08:00', how: null, rows: value, drill: true, formula: null, caliber: null,
})

export function aReturn(over: Partial<Return> = {}): Return {
  return {
    id: 'r1', task_id: 't1', form: { code: 'T02', title: '实有人口变动月报', version: 1, kind: 'report' },
    definition: {
      code: 'T02', title: '实有人口变动月报', kind: 'report', version: 1, subject: 'org', asker: '派出所', freq: '月报',
      sections: [{ title: '变动', fields: ['B02', 'B06'] }],
      fields: [field('B02', '出生'), field('B06', '新增来沪'), field('B08', '其他增减', { source: 'typed' })], rules: [],
    },
    period: '2026-10', period_label: '2026 年 10 月', period_start: '2026-10-01', period_end: '2026-10-31', cut_off: '2026-10-31',
    due_on: '2026-11-03', due_at: null, paused: false, overdue: false, area: { code: '310107005001', name: '源园居委会' }, state: 'submitted', state_label: '已上报',
    version: 2, rev: 3, answers: { B08: -1 }, reasons: { B06: '新开公寓' },
    known: { B02: known(3, 2), B06: known(31, 18), B08: { ...known(null, 0), drill: false } }, figures: { B02: 3, B06: 31, B08: -1 }, asked: ['B08'], open: [], remarks: [],
    issues: [{ field: 'B06', code: 'soft', message: '较上期变化超过 10%', kind: 'warning' }],
    changes: [{ field: 'B02', label: '出生', before: 5, after: 3 }], steps: [], can: ['send_back', 'approve'], digest: null, ...over,
  }
}

export interface Asked { method: string; path: string; query: string; body: unknown }

/** What the server says no with. */
export class Refusal {
  constructor(readonly status: number, readonly problem: object) {}
}

/** Answers by "METHOD /path"; every request is kept in `asked`. */
export function serve(answers: Record<string, unknown>): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const [path = '', query = ''] = url.split('?')
    asked.push({ method: init.method ?? 'GET', path, query, body: init.body ? JSON.parse(String(init.body)) : undefined })
    const answer = path === '/api/sign-in/refresh'
      ? { access_token: 'a', expires_in: 600, refresh_token: null, me: dora }
      : answers[`${init.method} ${path}`]
    const status = answer instanceof Refusal ? answer.status : answer === undefined ? 404 : answer === null ? 204 : 200
    const told = answer instanceof Refusal ? answer.problem : answer ?? { code: 'thing.missing', title: '没有找到。' }
    const body = status === 204 ? null : JSON.stringify(told)
    return new Response(body, { status, headers: status === 204 ? {} : { 'content-type': 'application/json' } })
  })
  return asked
}
