/**
 * Acts on orders, done with or without a network: kept on the phone, sent in the order in which they were done, each
 * under its own key so that it counts once. What the server refuses stays here with its reason until a person decides.
 */
import { ref } from 'vue'
import { newKey } from '@jucun/shared/client'
import type { Order } from '@jucun/shared/contract'
import type { OrderAct, OrderActs } from '@jucun/shared/orders'
import { ADDING, outgoing, ready, type Deed } from '@jucun/shared/queue'
import { drop, get, keys, put } from '@/platform/keep'
import { whenBack } from '@/platform/network'
import { api, me } from '@/session/session'
import { asProblem } from '@/ui/remote'
import { momentIso } from '@/words/dates'
import { forget, sent } from './photos'
import { mine } from './seen'

export const deeds = ref<Deed[]>([])
const LATE = 60_000
const RETRY = [0, 401, 408, 429]
/** The number each order had after the last act of this phone that the server took. */
const revs = new Map<string, number>()
let running: Promise<void> | null = null

export const ofOrder = (order: string): Deed[] => deeds.value.filter(deed => deed.order === order)

export async function loadDeeds(): Promise<void> {
  const found = await Promise.all((await keys(mine('deed'))).map(key => get<Deed>(key)))
  deeds.value = found.filter((deed): deed is Deed => deed !== null).sort((a, b) => a.at - b.at)
}

async function store(deed: Deed): Promise<void> {
  await put(mine('deed') + deed.id, deed)
  deeds.value = [...deeds.value.filter(other => other.id !== deed.id), deed].sort((a, b) => a.at - b.at)
}

/** Takes an act out of the queue; with its photos when it is given up for good. */
export async function takeOut(deed: Deed, photos: boolean): Promise<void> {
  await drop(mine('deed') + deed.id)
  deeds.value = deeds.value.filter(other => other.id !== deed.id)
  if (photos) await Promise.all(deed.photos.map(forget))
}

/** Once more, on the order as it is now. */
export async function again(deed: Deed): Promise<void> {
  const order = await api.orders.read(deed.order)
  revs.delete(deed.order)
  await store({ ...deed, id: newKey(), body: { ...deed.body, rev: order.rev }, refused: null })
  await flush()
}

async function deliver(deed: Deed): Promise<Order | null> {
  try {
    const names: string[] = []
    for (const name of deed.photos) {
      const stored = await sent(name)
      if (stored) names.push(stored)
    }
    const moment = Date.now() - deed.at > LATE ? momentIso(deed.at) : null
    const rev = ADDING.includes(deed.act) ? undefined : revs.get(deed.order)
    const body = outgoing(deed, rev, names, moment) as unknown as OrderActs[OrderAct]
    const order = await api.orders.act(deed.order, deed.act, body, deed.id)
    revs.set(deed.order, order.rev)
    await takeOut(deed, true)
    return order
  } catch (thrown) {
    const problem = asProblem(thrown)
    if (RETRY.includes(problem.status) || problem.status >= 500) throw problem
    await store({ ...deed, refused: [problem.title, ...problem.fields.map(field => field.message)].join(' ') })
    return null
  }
}

/** Does something to an order; the order as it then is, or null while it waits (or was refused: it then stands in `deeds`). */
export async function act(order: Pick<Order, 'id' | 'no' | 'title' | 'rev'>, what: OrderAct, label: string, body: Record<string, unknown>, photos: string[]): Promise<Order | null> {
  const deed: Deed = {
    id: newKey(), order: order.id, no: order.no, title: order.title, act: what, label, at: Date.now(),
    body: { ...body, rev: order.rev }, photos, refused: null,
  }
  revs.set(order.id, Math.max(order.rev, revs.get(order.id) ?? 0))
  const before = ofOrder(order.id).length
  await store(deed)
  if (before) { await flush(); return null }
  return deliver(deed).catch(() => null)
}

export function flush(): Promise<void> {
  running ??= empty().finally(() => { running = null })
  return running
}

async function empty(): Promise<void> {
  if (!me.value) return
  await loadDeeds()
  for (let next = ready(deeds.value)[0]; next; next = ready(deeds.value)[0]) {
    try { await deliver(next) } catch { return }
  }
}

whenBack(() => void flush())
