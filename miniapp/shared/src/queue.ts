/**
 * The order in which acts that waited for a network are sent. An act made on top of one's own earlier act knows only the
 * number (`rev`) from before it; what the server answered to the earlier one is what the next one is about.
 */
import type { OrderAct } from './orders'

/** One act on an order, kept until the server has it. `id` is its idempotency key. */
export interface Deed {
  id: string; order: string; no: string; title: string; act: OrderAct; label: string; at: number
  body: Record<string, unknown>; photos: string[]
  refused: string | null
}

/** What can be sent now, oldest first: nothing of an order behind an act of it that was refused. */
export function ready(deeds: readonly Deed[]): Deed[] {
  const held = new Set<string>()
  return [...deeds].sort((a, b) => a.at - b.at).filter(deed => {
    if (deed.refused) held.add(deed.order)
    return !held.has(deed.order)
  })
}

/** The act as it is sent: with the number its own predecessor led to, and the time at which it was done. */
export function outgoing(deed: Deed, rev: number | undefined, photos: string[], moment: string | null): Record<string, unknown> {
  const body: Record<string, unknown> = { ...deed.body }
  if (rev !== undefined && 'rev' in body) body.rev = rev
  if (photos.length || deed.photos.length) body.photos = photos
  if (moment && TIMED.includes(deed.act)) body.at = moment
  return body
}

/** Acts that say when they happened. */
const TIMED: OrderAct[] = ['contact', 'note', 'finish']
/** Acts that only add to an order: somebody else's act in between does not matter to them. */
export const ADDING: OrderAct[] = ['contact', 'note', 'help']
