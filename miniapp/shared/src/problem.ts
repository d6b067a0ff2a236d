/** Every way the server (or the way to it) says no, as one typed error carrying a Chinese sentence for the user. */

export interface FieldProblem { field: string; code: string; message: string }

export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly status: number,
    readonly fields: FieldProblem[] = [],
    /** The other members of the problem document, such as `draft` and `changes` of a 409. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(title)
    this.name = 'ApiProblem'
  }

  /** The request never reached the server: worth keeping in a queue and sending again with the same key. */
  get offline(): boolean {
    return this.status === 0
  }
}

export const offlineProblem = (): ApiProblem =>
  new ApiProblem('network', '网络不通，请检查网络后再试。', 0)

/** Reads a problem document (RFC 9457); anything else, such as a proxy's page, becomes a sentence of ours. */
export function problemOf(status: number, data: unknown): ApiProblem {
  if (typeof data !== 'object' || data === null || !('title' in data)) {
    return new ApiProblem('server', status >= 500 ? '服务暂时不可用，请稍后再试。' : '请求没有被接受，请刷新后再试。', status)
  }
  const { type: _type, code, title, status: _status, fields, ...extra } = data as Record<string, unknown>
  return new ApiProblem(String(code ?? 'server'), String(title), status, (fields as FieldProblem[]) ?? [], extra)
}
