/** Unfinished work on this phone: answers of a return the server has not confirmed, and records begun but not handed in. */
import type { Answers, Filled, Reasons } from '@jucun/shared/contract'
import { drop, get, keys, put } from '@/platform/keep'
import { mine } from './seen'

/** `key` stays the same for every attempt to save these very answers. */
export interface Draft extends Filled { key: string; at: number }
export interface Begun { ledger: string; title: string; about: string; person?: string; house?: string; answers: Answers; reasons: Reasons; at: number }

export const keepDraft = (id: string, draft: Draft): Promise<void> => put(mine('draft') + id, draft)
export const keptDraft = (id: string): Promise<Draft | null> => get<Draft>(mine('draft') + id)
export const dropDraft = (id: string): Promise<void> => drop(mine('draft') + id)

const begun = (ledger: string, subject: string): string => `${mine('begun')}${ledger}:${subject}`
export const keepBegun = (record: Begun): Promise<void> => put(begun(record.ledger, record.person ?? record.house ?? ''), record)
export const keptBegun = (ledger: string, subject: string): Promise<Begun | null> => get<Begun>(begun(ledger, subject))
export const dropBegun = (ledger: string, subject: string): Promise<void> => drop(begun(ledger, subject))

/** All records begun on this phone, the latest first. */
export async function allBegun(): Promise<Begun[]> {
  const found = await Promise.all((await keys(mine('begun'))).map(key => get<Begun>(key)))
  return found.filter((record): record is Begun => record !== null).sort((a, b) => b.at - a.at)
}
