/**
 * The outbox for records. A record is put in the box and sent at once, or when the network is back; its key makes every
 * attempt the same request, so that nothing is written twice. What the server refuses stays here with its reason.
 */
import { computed, ref } from 'vue'
import { newKey } from '@jucun/shared/client'
import type { Entry, NewEntry } from '@jucun/shared/contract'
import type { FieldProblem } from '@jucun/shared/problem'
import { drop, get, keys, put } from '@/platform/keep'
import { whenBack } from '@/platform/network'
import { api, me } from '@/session/session'
import { asProblem } from '@/ui/remote'
import { momentIso } from '@/words/dates'
import { forget, sent } from './photos'
import { mine } from './seen'

export interface Letter {
  id: string; ledger: string; title: string; about: string; at: number; body: NewEntry
  /** The field that says when it happened; the server's clock fills it unless the record had to wait. */
  moment: { key: string; timed: boolean } | null
  /** The fields whose answers are photos; in those, too, names of this phone become the server's. */
  pictured?: string[]
  refused: { title: string; fields: FieldProblem[] } | null
}
export const letters = ref<Letter[]>([])
export const waiting = computed(() => letters.value.length)
const RETRY = [0, 401, 408, 429]
const LATE = 120_000
let running: Promise<void> | null = null

export async function loadLetters(): Promise<void> {
  const found = await Promise.all((await keys(mine('letter'))).map(key => get<Letter>(key)))
  letters.value = found.filter((letter): letter is Letter => letter !== null).sort((a, b) => a.at - b.at)
}

async function store(letter: Letter): Promise<void> {
  await put(mine('letter') + letter.id, letter)
  letters.value = [...letters.value.filter(other => other.id !== letter.id), letter].sort((a, b) => a.at - b.at)
}

export async function discard(letter: Letter): Promise<void> {
  await drop(mine('letter') + letter.id)
  letters.value = letters.value.filter(other => other.id !== letter.id)
}

/** Throws a record away for good, with the photos that were never sent. */
export async function tearUp(letter: Letter): Promise<void> {
  await discard(letter)
  await Promise.all((letter.body.photos ?? []).map(forget))
}

/** A record that waited says when it was written, not when it arrived. */
function dated({ at, body, moment }: Letter): NewEntry {
  if (!moment || moment.key in body.answers || Date.now() - at < LATE) return body
  const time = momentIso(at)
  return { ...body, answers: { ...body.answers, [moment.key]: moment.timed ? time : time.slice(0, 10) } }
}

/** One attempt; the ledger entry if the server has it now, null while it waits or was refused. */
async function deliver(letter: Letter): Promise<Entry | null> {
  const body = dated(letter)
  try {
    const names = new Map<string, string>()
    for (const name of body.photos ?? []) {
      const stored = await sent(name)
      if (stored) names.set(name, stored)
    }
    const stored = (value: unknown): string[] => (value as string[]).flatMap(name => names.get(name) ?? [])
    const answers = Object.fromEntries(Object.entries(body.answers).map(([field, value]) => [field, letter.pictured?.includes(field) ? stored(value) : value]))
    const entry = await api.ledgers.record(letter.ledger, { ...body, answers, photos: [...names.values()] }, letter.id)
    await tearUp(letter)
    return entry
  } catch (thrown) {
    const problem = asProblem(thrown)
    if (RETRY.includes(problem.status) || problem.status >= 500) throw problem
    await store({ ...letter, refused: { title: problem.title, fields: problem.fields } })
    return null
  }
}

/** Puts a record in the box and tries to send it; null when it waits, with or without a refusal. */
export async function send(record: Omit<Letter, 'id' | 'at' | 'refused'>): Promise<Entry | null> {
  const letter: Letter = { ...record, id: newKey(), at: Date.now(), refused: null }
  await store(letter)
  return deliver(letter).catch(() => null)
}

/** Sends what waits, oldest first; stops at the first failure of the network. One run at a time. */
export function flush(): Promise<void> {
  running ??= empty().finally(() => { running = null })
  return running
}

async function empty(): Promise<void> {
  if (!me.value) return
  await loadLetters()
  for (const letter of letters.value.filter(one => !one.refused)) {
    try { await deliver(letter) } catch { return }
  }
}

whenBack(() => void flush())
