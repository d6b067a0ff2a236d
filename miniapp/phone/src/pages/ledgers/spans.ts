/** The periods one asks a ledger for, as the days from and to that they mean now. */
import { iso, parts, today } from '@/words/dates'

export const SPANS = [
  { key: 'all', label: '全部' }, { key: 'month', label: '本月' }, { key: 'last', label: '上月' }, { key: 'quarter', label: '本季' }, { key: 'year', label: '今年' },
]

export function spanOf(key: string, now = today()): { from?: string; to?: string } {
  const { year, month: next } = parts(now)
  const month = next - 1
  const starts: Record<string, Date> = { month: new Date(year, month, 1), last: new Date(year, month - 1, 1), quarter: new Date(year, month - (month % 3), 1), year: new Date(year, 0, 1) }
  const start = starts[key]
  if (!start) return {}
  return { from: iso(start), to: key === 'last' ? iso(new Date(year, month, 0)) : now }
}
