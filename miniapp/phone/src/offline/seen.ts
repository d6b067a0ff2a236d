/** The last answer to a question, kept for when there is no network. Kept per person, since phones are handed on. */
import { get, put } from '@/platform/keep'
import { me } from '@/session/session'

export const mine = (shelf: string): string => `${shelf}:${me.value?.id ?? ''}:`

export const remember = (name: string, value: unknown): Promise<void> => put(mine('seen') + name, value)
export const recall = <T>(name: string): Promise<T | null> => get<T>(mine('seen') + name)
