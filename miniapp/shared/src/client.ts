/**
 * One door to the backend for both front ends: bearer token, refresh, idempotency keys and problems in one place.
 * The transport is handed in, so the same code runs in a browser, in the mini program and in tests.
 */
import type { Tokens } from './contract'
import { ApiProblem, problemOf } from './problem'
import type { Incoming, Outgoing, Reply, Transport, Wire } from './transports'

export type Query = Record<string, string | number | boolean | null | undefined>
export interface Options { query?: Query; body?: unknown; key?: string; file?: Outgoing; public?: boolean }
/** Where the refresh token rests between starts; a browser has none, its token is an HttpOnly cookie. */
export interface Keeper { load(): string | null; save(token: string | null): void }
export interface Setup {
  base?: string
  transport: Transport
  keeper?: Keeper
  /** Runs one piece of work at a time among all open windows, because a refresh token is good only once. */
  exclusive?: <T>(work: () => Promise<T>) => Promise<T>
  /** The session is over: show the sign-in page with this reason. */
  onSignedOut?: (why: ApiProblem) => void
  clock?: () => number
}

const REFRESH = '/api/sign-in/refresh'
const EARLY = 15_000

/** A version 4 UUID for an idempotency key; only uniqueness matters, and `crypto` is absent in the mini program. */
export function newKey(): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, c => {
    const r = Math.floor(Math.random() * 16)
    return (c === 'x' ? r : (r & 3) | 8).toString(16)
  })
}

/** `/a/{id}` with its segments filled in and escaped. */
export function path(template: string, segments: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name] ?? ''))
}

export function withQuery(url: string, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return parts.length ? `${url}?${parts.join('&')}` : url
}

export class Client {
  private access: string | null = null
  private expires = 0
  private refreshing: Promise<Tokens> | null = null
  private readonly now: () => number

  constructor(private readonly setup: Setup) {
    this.now = setup.clock ?? Date.now
  }

  get signedIn(): boolean {
    return this.access !== null
  }

  get<T>(url: string, query?: Query, options: Options = {}): Promise<T> {
    return this.call('GET', url, { ...options, query })
  }
  post<T>(url: string, body: unknown = {}, options: Options = {}): Promise<T> {
    return this.call('POST', url, { ...options, body })
  }
  put<T>(url: string, body: unknown, options: Options = {}): Promise<T> {
    return this.call('PUT', url, { ...options, body })
  }
  delete<T>(url: string, options: Options = {}): Promise<T> { return this.call('DELETE', url, options) }

  /** A PDF or a workbook; a browser gets a Blob, the mini program a local path. */
  async download(url: string, query?: Query): Promise<Incoming> {
    const reply = await this.authorised(this.wire('GET', url, { query }, 'file'))
    return answer<Incoming>(reply)
  }
  upload<T>(url: string, file: Outgoing, key?: string): Promise<T> { return this.call('POST', url, { file, key }) }

  /** Takes what a sign-in gave; the next requests carry it. */
  accept(tokens: Tokens): void {
    this.access = tokens.access_token
    this.expires = this.now() + tokens.expires_in * 1000
    this.setup.keeper?.save(tokens.refresh_token)
  }

  forget(): void {
    this.access = null
    this.expires = 0
    this.setup.keeper?.save(null)
  }

  /** Many requests may find the token stale at once; exactly one refresh goes out and all wait for it. */
  refresh(): Promise<Tokens> {
    this.refreshing ??= this.rotate().finally(() => { this.refreshing = null })
    return this.refreshing
  }

  private async rotate(): Promise<Tokens> {
    const exclusive = this.setup.exclusive ?? (work => work())
    const reply = await exclusive(() => {
      const kept = this.setup.keeper?.load() ?? null
      const wire = this.wire('POST', REFRESH, { body: kept ? { refresh_token: kept } : {} }, 'json')
      return this.send({ ...wire, lasting: true })
    })
    if (reply.status === 401 || reply.status === 403) {
      const why = problemOf(reply.status, reply.data)
      this.forget()
      this.setup.onSignedOut?.(why)
      throw why
    }
    const tokens = answer<Tokens>(reply)
    this.accept(tokens)
    return tokens
  }

  private async call<T>(method: string, url: string, options: Options): Promise<T> {
    const wire = this.wire(method, url, options, 'json')
    return answer<T>(options.public ? await this.send(wire) : await this.authorised(wire))
  }

  private wire(method: string, url: string, options: Options, wants: Wire['wants']): Wire {
    const headers: Record<string, string> = {}
    if (options.body !== undefined) headers['Content-Type'] = 'application/json'
    if (method !== 'GET') headers['Idempotency-Key'] = options.key ?? newKey()
    const { body, file } = options
    return { method, url: withQuery((this.setup.base ?? '') + url, options.query), headers, body, file, wants }
  }

  private async authorised(wire: Wire): Promise<Reply> {
    if (this.stale) await this.refresh()
    const used = this.access
    const reply = await this.send(this.bearing(wire))
    if (reply.status !== 401) return reply
    if (this.access === used) await this.refresh()
    return this.send(this.bearing(wire))
  }

  private get stale(): boolean {
    return this.access === null || this.now() > this.expires - EARLY
  }

  private bearing(wire: Wire): Wire {
    return { ...wire, headers: { ...wire.headers, Authorization: `Bearer ${this.access}` } }
  }

  private send(wire: Wire): Promise<Reply> {
    return this.setup.transport(wire)
  }
}

function answer<T>(reply: Reply): T {
  if (reply.status >= 400) throw problemOf(reply.status, reply.data)
  return reply.data as T
}
