import { expect, test } from 'vitest'
import { makeApi } from '../src/api'
import { Client, newKey, withQuery } from '../src/client'
import { ApiProblem, offlineProblem } from '../src/problem'
import type { Reply, Wire } from '../src/transports'

const tokens = (n: number, refresh: string | null = null) =>
  ({ status: 200, data: { access_token: `a${n}`, expires_in: 600, refresh_token: refresh, me: { id: 'alice' } } })

/** A server that hands out a new access token per refresh and accepts only the newest. */
function server(answer: (wire: Wire) => Reply = () => ({ status: 200, data: 'ok' })) {
  const seen: Wire[] = []
  let issued = 0
  const transport = async (wire: Wire): Promise<Reply> => {
    seen.push(wire)
    await Promise.resolve()
    if (wire.url === '/api/sign-in/refresh') return tokens(++issued)
    if (wire.headers.Authorization !== `Bearer a${issued}`) {
      return { status: 401, data: { code: 'session.expired', title: '登录已过期' } }
    }
    return answer(wire)
  }
  return { seen, transport, expireAll: () => { issued += 1 }, refreshes: () => seen.filter(w => w.url.endsWith('/refresh')) }
}

test('many requests at once refresh the token once', async () => {
  const s = server()
  const client = new Client({ transport: s.transport })
  const answers = await Promise.all([client.get('/api/due'), client.get('/api/me'), client.get('/api/tasks')])
  expect(answers).toEqual(['ok', 'ok', 'ok'])
  expect(s.refreshes()).toHaveLength(1)
})

test('a write refused with a stale token is sent again with the same idempotency key', async () => {
  const s = server()
  const client = new Client({ transport: s.transport })
  await client.get('/api/me')
  s.expireAll()
  await client.post('/api/returns/1/approve')
  const writes = s.seen.filter(w => w.url.endsWith('/approve'))
  expect(writes).toHaveLength(2)
  expect(new Set(writes.map(w => w.headers['Idempotency-Key'])).size).toBe(1)
  expect(s.refreshes()).toHaveLength(2)
})

test('requests that fail together after an expiry share one refresh', async () => {
  const s = server()
  const client = new Client({ transport: s.transport })
  await client.get('/api/me')
  s.expireAll()
  await Promise.all([client.get('/api/due'), client.get('/api/tasks')])
  expect(s.refreshes()).toHaveLength(2)
})

test('a token about to expire is renewed before the request', async () => {
  let now = 0
  const s = server()
  const client = new Client({ transport: s.transport, clock: () => now })
  await client.get('/api/me')
  now = 590_000
  await client.get('/api/me')
  expect(s.refreshes()).toHaveLength(2)
})

test('writes carry a fresh key each, or the one of the queue; reads carry none', async () => {
  const s = server()
  const api = makeApi(new Client({ transport: s.transport }))
  await api.returns.approve('r1')
  await api.returns.approve('r1')
  await api.returns.submit('r1', { rev: 1, form_version: 1, answers: {}, reasons: {} }, 'queued')
  await api.due()
  const keys = s.seen.filter(w => !w.url.endsWith('/refresh')).map(w => w.headers['Idempotency-Key'])
  expect(keys[0]).not.toBe(keys[1])
  expect(keys[2]).toBe('queued')
  expect(keys[3]).toBeUndefined()
  expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('the refresh token rotates through its keeper', async () => {
  let kept: string | null = 'r0'
  const sent: unknown[] = []
  const client = new Client({
    keeper: { load: () => kept, save: token => { kept = token } },
    transport: async wire => {
      if (wire.url.endsWith('/refresh')) { sent.push(wire.body); return tokens(1, 'r1') }
      return { status: 200, data: null }
    },
  })
  await client.get('/api/me')
  expect(sent).toEqual([{ refresh_token: 'r0' }])
  expect(kept).toBe('r1')
})

test('a refused refresh ends the session and says why; nothing is tried again', async () => {
  const why: ApiProblem[] = []
  let kept: string | null = 'stolen'
  const client = new Client({
    keeper: { load: () => kept, save: token => { kept = token } },
    onSignedOut: problem => why.push(problem),
    transport: async () => ({ status: 401, data: { code: 'session.reused', title: '这次登录已被撤销，请重新登录。' } }),
  })
  await expect(client.get('/api/due')).rejects.toMatchObject({ code: 'session.reused', status: 401 })
  expect(why).toHaveLength(1)
  expect(kept).toBeNull()
})

test('without a network the session stays and the error says so', async () => {
  let kept: string | null = 'r0'
  const client = new Client({
    keeper: { load: () => kept, save: token => { kept = token } },
    transport: async () => { throw offlineProblem() },
  })
  const failure = await client.get('/api/due').catch((e: ApiProblem) => e) as ApiProblem
  expect(failure.offline).toBe(true)
  expect(failure.title).toContain('网络不通')
  expect(kept).toBe('r0')
})

test('a problem document becomes a typed error with its fields and extras', async () => {
  const s = server(() => ({ status: 409, data: {
    type: '/problems/draft.conflict', code: 'draft.conflict', title: '别处已有更新的草稿。', status: 409,
    fields: [{ field: 'B02', code: 'stale', message: '已被改过' }], draft: { rev: 4 },
  } }))
  const client = new Client({ transport: s.transport })
  await expect(client.put('/api/returns/1/draft', {})).rejects.toMatchObject({
    code: 'draft.conflict', title: '别处已有更新的草稿。', status: 409,
    fields: [{ field: 'B02', code: 'stale', message: '已被改过' }], extra: { draft: { rev: 4 } },
  })
})

test('an answer that is no problem document still becomes a sentence', async () => {
  const s = server(() => ({ status: 502, data: null }))
  const client = new Client({ transport: s.transport })
  await expect(client.get('/api/due')).rejects.toMatchObject({ status: 502, title: '服务暂时不可用，请稍后再试。' })
})

test('a refresh goes on when its page is left, other requests end with it', async () => {
  const s = server()
  await new Client({ transport: s.transport }).get('/api/me')
  expect(s.seen.map(w => [w.url, w.lasting ?? false])).toEqual([['/api/sign-in/refresh', true], ['/api/me', false]])
})

test('refreshes run one at a time among windows', async () => {
  const order: string[] = []
  const s = server()
  const client = new Client({
    transport: s.transport,
    exclusive: async work => { order.push('in'); const done = await work(); order.push('out'); return done },
  })
  await client.get('/api/me')
  expect(order).toEqual(['in', 'out'])
})

test('queries leave empty values out and escape the rest', () => {
  expect(withQuery('/api/people', { q: '张 三', tag: '', cursor: undefined, page: 0 }))
    .toBe('/api/people?q=%E5%BC%A0%20%E4%B8%89&page=0')
})

test('path segments are escaped', async () => {
  const s = server()
  await makeApi(new Client({ transport: s.transport })).returns.rows('r/1', 'C09')
  expect(s.seen.at(-1)?.url).toBe('/api/returns/r%2F1/fields/C09/rows')
})
