/** The two ways to the server: `fetch` in a browser, `uni.request` and friends on a phone. */
import { offlineProblem } from './problem'

/** A file on its way up: a Blob in a browser, a local path in the mini program. */
export type Outgoing = { blob: Blob; name: string } | { path: string }
/** A file that came down: a Blob in a browser, a local path in the mini program. */
export interface Incoming { name: string; blob?: Blob; path?: string }

export interface Wire {
  method: string
  url: string
  headers: Record<string, string>
  body?: unknown
  file?: Outgoing
  wants: 'json' | 'file'
  /** Goes on when the page is left: a refresh cut off half-way would leave the browser with a token already used. */
  lasting?: boolean
}
export interface Reply { status: number; data: unknown }
export type Transport = (wire: Wire) => Promise<Reply>

/** Milliseconds; the server answers a refresh again for four times as long (backend/features/accounts/tokens.py). */
const PATIENCE = 30_000

/** The file name of a Content-Disposition header, the UTF-8 form (RFC 6266) before the plain one. */
export function fileName(disposition: string | null | undefined): string {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')
  if (wide?.[1]) return decodeURIComponent(wide[1])
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? '下载文件'
}

export const fetchTransport: Transport = async ({ method, url, headers, body, file, wants, lasting }) => {
  // other requests may take as long as they need; all windows wait for a refresh
  const signal = lasting && 'timeout' in AbortSignal ? AbortSignal.timeout(PATIENCE) : undefined
  const how = { method, headers, body: payload(body, file), keepalive: lasting, signal, credentials: 'same-origin' as const }
  const cut = (): never => { throw offlineProblem() }
  const response = await fetch(url, how).catch(cut)
  const json = response.headers.get('content-type')?.includes('json')
  if (json) return { status: response.status, data: await response.json().catch(cut) }
  if (wants === 'file' && response.ok) {
    const incoming: Incoming = { name: fileName(response.headers.get('content-disposition')), blob: await response.blob().catch(cut) }
    return { status: response.status, data: incoming }
  }
  return { status: response.status, data: null }
}

function payload(body: unknown, file: Outgoing | undefined): BodyInit | undefined {
  if (file && 'blob' in file) {
    const form = new FormData()
    form.append('file', file.blob, file.name)
    return form
  }
  return body === undefined ? undefined : JSON.stringify(body)
}

/** The part of `uni` that is used, so that this package needs no types of uni-app. */
export interface Uni {
  request(options: object): unknown
  uploadFile(options: object): unknown
  downloadFile(options: object): unknown
}
interface UniAnswer { statusCode: number; data?: unknown; header?: Record<string, string>; tempFilePath?: string }

export function uniTransport(uni: Uni, timeout = PATIENCE): Transport {
  const run = (send: (options: object) => unknown, options: object): Promise<UniAnswer> =>
    new Promise((resolve, reject) => {
      send({ ...options, timeout, success: resolve, fail: () => reject(offlineProblem()) })
    })
  return async ({ method, url, headers, body, file, wants }) => {
    if (file) {
      const local = 'path' in file ? { filePath: file.path } : { file: file.blob }
      const answer = await run(o => uni.uploadFile(o), { url, header: headers, name: 'file', ...local })
      return { status: answer.statusCode, data: parsed(answer.data) }
    }
    if (wants === 'file') {
      const answer = await run(o => uni.downloadFile(o), { url, header: headers })
      const disposition = answer.header?.['Content-Disposition'] ?? answer.header?.['content-disposition']
      return { status: answer.statusCode, data: { name: fileName(disposition), path: answer.tempFilePath } }
    }
    const answer = await run(o => uni.request(o), { url, method, header: headers, data: body, dataType: 'json' })
    return { status: answer.statusCode, data: parsed(answer.data) }
  }
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data ?? null
  try { return JSON.parse(data) } catch { return null }
}
