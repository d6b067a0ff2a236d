import { afterEach, expect, test, vi } from 'vitest'
import { fetchTransport, fileName, uniTransport } from '../src/transports'

afterEach(() => { vi.unstubAllGlobals() })
const wire = { method: 'GET', url: '/api/x', headers: {}, wants: 'json' as const }

test('the UTF-8 file name wins over the plain one', () => {
  expect(fileName("attachment; filename=\"t.pdf\"; filename*=UTF-8''%E6%9C%88%E6%8A%A5.pdf")).toBe('月报.pdf')
  expect(fileName('attachment; filename="T02.xlsx"')).toBe('T02.xlsx')
  expect(fileName(null)).toBe('下载文件')
})

test('a browser download becomes a Blob with its name', async () => {
  vi.stubGlobal('fetch', async () => new Response('%PDF', {
    headers: { 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="T02.pdf"' },
  }))
  const reply = await fetchTransport({ ...wire, wants: 'file' })
  expect(reply.data).toMatchObject({ name: 'T02.pdf' })
  expect(await (reply.data as { blob: Blob }).blob.text()).toBe('%PDF')
})

test('a refused download keeps its problem document', async () => {
  vi.stubGlobal('fetch', async () => new Response('{"code":"thing.missing","title":"没有"}', {
    status: 404, headers: { 'content-type': 'application/problem+json' },
  }))
  expect(await fetchTransport({ ...wire, wants: 'file' })).toEqual({ status: 404, data: { code: 'thing.missing', title: '没有' } })
})

test('a browser upload is a multipart form with the field "file"', async () => {
  const sent: FormData[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => { sent.push(init.body as FormData); return new Response(null, { status: 204 }) })
  await fetchTransport({ ...wire, method: 'POST', file: { blob: new Blob(['x']), name: '名册.xlsx' } })
  expect((sent[0]?.get('file') as File).name).toBe('名册.xlsx')
})

test('no network is a problem of its own', async () => {
  vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch') })
  await expect(fetchTransport(wire)).rejects.toMatchObject({ code: 'network', status: 0 })
})

test('an answer cut off on its way is no answer', async () => {
  const body = new ReadableStream({ start: stream => { stream.enqueue(new TextEncoder().encode('{"access')); stream.error(new TypeError('network error')) } })
  vi.stubGlobal('fetch', async () => new Response(body, { headers: { 'content-type': 'application/json' } }))
  await expect(fetchTransport(wire)).rejects.toMatchObject({ code: 'network', status: 0 })
})

test('nobody waits for ever for a refresh, which holds up all windows', async () => {
  const signals: unknown[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => { signals.push(init.signal); return new Response(null, { status: 204 }) })
  await fetchTransport({ ...wire, lasting: true })
  await fetchTransport(wire)
  expect(signals).toEqual([expect.any(AbortSignal), undefined])
})

const uni = (options: Record<string, (o: never) => void>) => ({
  request: () => {}, uploadFile: () => {}, downloadFile: () => {}, ...options,
})
type Options = { filePath?: string; name?: string; success: (a: object) => void; fail: (e: object) => void }

test('a phone uploads a local path and reads the JSON text that comes back', async () => {
  const send = uniTransport(uni({
    uploadFile: (o: Options) => o.success({ statusCode: 200, data: JSON.stringify({ id: o.filePath, field: o.name }) }),
  }))
  const reply = await send({ ...wire, method: 'POST', file: { path: 'wxfile://1.jpg' } })
  expect(reply).toEqual({ status: 200, data: { id: 'wxfile://1.jpg', field: 'file' } })
})

test('a phone download gives a local path', async () => {
  const send = uniTransport(uni({
    downloadFile: (o: Options) => o.success({ statusCode: 200, tempFilePath: 'tmp/1', header: { 'Content-Disposition': 'attachment; filename="a.pdf"' } }),
  }))
  expect((await send({ ...wire, wants: 'file' })).data).toEqual({ name: 'a.pdf', path: 'tmp/1' })
})

test('a failing phone request is a network problem', async () => {
  const send = uniTransport(uni({ request: (o: Options) => o.fail({ errMsg: 'timeout' }) }))
  await expect(send(wire)).rejects.toMatchObject({ code: 'network' })
})
