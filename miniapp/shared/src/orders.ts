/**
 * Work orders by name: `api.orders.act(id, 'sign', { rev })`. Every act answers with the order as it then is.
 */
import type { components } from './api.gen'
import type { Client } from './client'
import type * as c from './contract'
import { at } from './paths'

type S = components['schemas']

/** What each act wants to be told. */
export interface OrderActs {
  file: S['Filed']; refuse: S['Refused']; classify: S['Corrected']; dispatch: S['Dispatched']; transfer: S['Dispatched']
  sign: S['Noted']; send_back: S['SentBack']; decide_back: S['Decided']; contact: S['Contacted']; note: S['Happened']
  help: S['Helped']; assign: S['Assigned']; join: S['Joined']; finish_part: S['PartDone']; extend: S['Extended']
  decide_extend: S['Decided']; pause: S['Paused']; decide_pause: S['Decided']; resume: S['Noted']; finish: S['Finished']
  verify: S['Verified']; call_back: S['CalledBack']; close: S['Noted']; reopen: S['Reopened']; merge: S['MergedInto']; split: S['Split']
}
export type OrderAct = keyof OrderActs

export interface OrderFilter {
  view?: 'mine' | 'pool' | 'committee' | 'all'; stage?: string; source?: string; category?: string; unit?: string; area?: string
  overdue?: boolean; asks?: string; q?: string; cursor?: string
}
export type BoardFilter = Pick<OrderFilter, 'area' | 'source' | 'category' | 'unit' | 'overdue' | 'q'>

export function orders(client: Client) {
  return {
    list: (query: OrderFilter) => client.get<c.OrderPage>(at('/api/orders'), { ...query }),
    board: (query: BoardFilter) => client.get<c.OrderBoard>(at('/api/orders/board'), { ...query }),
    map: (query: BoardFilter & { ended?: boolean }) => client.get<c.OrderMap>(at('/api/orders/map'), { ...query }),
    read: (order: string) => client.get<c.Order>(at('/api/orders/{order}', { order })),
    proposal: (query: { words: string; place?: string; lng?: number; lat?: number }) =>
      client.get<c.Proposal>(at('/api/orders/proposal'), query),
    report: (body: c.Finding, key?: string) => client.post<c.Order>(at('/api/orders'), body, { key }),
    caller: (order: string, reason: string) => client.post<c.OpenedCaller>(at('/api/orders/{order}/caller', { order }), { reason }),
    dispatchAll: (lines: { order: string; rev: number; unit: string }[]) =>
      client.post<{ orders: string[] }>(at('/api/orders/dispatches'), { orders: lines }),
    act: <A extends OrderAct>(order: string, act: A, body: OrderActs[A], key?: string) =>
      client.post<c.Order>(at<`/api/orders/{order}/${OrderAct}`>(`/api/orders/{order}/${act}`, { order }), body, { key }),
  }
}

export function units(client: Client) {
  return { list: () => client.get<c.Unit[]>(at('/api/units')) }
}
