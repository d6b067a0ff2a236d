/** Unfinished work on this phone: answers of a return the server has not confirmed, and records begun but not handed in. */
import type { Answers, Filled, Reasons } from '@jucun/shared/contract'
import { drop, get, keys, put } from '@/platform/keep'
import { mine } from './seen'

/** `key` stays the same for every attempt to save these very answers. */
export interface Draft extends Filled { key: string; at: number }
/** What a record is about: somebody, a home, a shop as an earlier entry told of it, an order; or nothing in particular. */
export interface Subject { ledger: string; person?: string; house?: string; like?: string; order?: string }
export interface Begun extends Subject { title: string; about: string; passOn?: boolean; answers: Answers; reasons: Reasons; at: number }

export const keepDraft = (id: string, draft: Draft): Promise<void> => put(mine('draft') + id, draft)
export const keptDraft = (id: string): Promise<Draft | null> => get<Draft>(mine('draft') + id)
export const dropDraft = (id: string): Promise<void> => drop(mine('draft') + id)

/** One record of a ledger is begun per subject. */
export const aboutWhat = ({ ledger, person, house, like, order }: Subject): string => `${ledger}:${[person || house || like || '', order].filter(Boolean).join(':')}`
const begun = (subject: Subject): string => mine('begun') + aboutWhat(subject)
export const keepBegun = (record: Begun): Promise<void> => put(begun(record), record)
export const keptBegun = (subject: Subject): Promise<Begun | null> => get<Begun>(begun(subject))
export const dropBegun = (subject: Subject): Promise<void> => drop(begun(subject))

/** All records begun on this phone, the latest first. */
export async function allBegun(): Promise<Begun[]> {
  const found = await Promise.all((await keys(mine('begun'))).map(key => get<Begun>(key)))
  return found.filter((record): record is Begun => record !== null).sort((a, b) => b.at - a.at)
}
