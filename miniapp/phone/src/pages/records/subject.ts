/** What a record is about, as it stands in the address of the page that writes it. */
import type { Subject } from '@/offline/drafts'

const PARTS = ['ledger', 'person', 'house', 'like', 'order'] as const

export const writing = (subject: Subject): string =>
  `/pages/records/write?${PARTS.filter(part => subject[part]).map(part => `${part}=${subject[part]}`).join('&')}`

export function subjectOf(query: Record<string, string | undefined> | undefined): Subject {
  const found: Subject = { ledger: query?.ledger ?? '' }
  for (const part of PARTS) if (query?.[part]) found[part] = query[part]
  return found
}
