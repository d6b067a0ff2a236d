/** How values are written for people: figures, dates, places, differences. */
import type { FieldDef } from '@jucun/shared/definition'

const grouped = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 })
const money = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const todayIn = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' })

export const NOTHING = '—'

export function number(value: number): string {
  return grouped.format(value).replace('-', '−')
}

/** An address without the city and district that everything here lies in. */
export function near(place: string): string {
  return place.replace(/^上海市普陀区/, '')
}

export function today(): string {
  return todayIn.format(new Date())
}

/** "2026-11-03T09:12:44+08:00" → "2026-11-03 09:12"; the server writes Shanghai time. Midnight is a day, not a time. */
export function moment(iso: string | null | undefined): string {
  return iso ? iso.slice(0, 16).replace('T', ' ').replace(' 00:00', '') : NOTHING
}

/** The same without its year when that is this year: "11-03 09:12". */
export function brief(iso: string | null | undefined): string {
  const text = moment(iso)
  return text.startsWith(today().slice(0, 5)) ? text.slice(5) : text
}

/** "2027-01-01" → "2027年1月1日", for sentences. */
export function date(iso: string | undefined): string {
  const [year, month, day] = (iso ?? '').split('-').map(Number)
  return day ? `${year}年${month}月${day}日` : NOTHING
}

export function daysUntil(day: string): number {
  return Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000)
}

/** "还有 3 天", "今天截止", "逾期 2 天". */
export function dueWords(day: string): string {
  const days = daysUntil(day)
  if (days === 0) return '今天截止'
  return days > 0 ? `还有 ${days} 天` : `逾期 ${-days} 天`
}

type Written = Pick<FieldDef, 'type' | 'codes'>

/** A value as a reader sees it; codes by their labels, money (分) in 元. */
export function written(field: Written | undefined, value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING
  if (Array.isArray(value)) return value.map(v => written(field, v)).join('、') || NOTHING
  if (typeof value === 'boolean') return value ? '是' : '否'
  const code = field?.codes?.find(c => c.code === String(value))
  if (code) return code.label
  if (typeof value === 'number') return field?.type === 'money' ? money.format(value / 100) : field?.type === 'year' ? String(value) : number(value)
  if (typeof value === 'object') return Object.values(value).map(v => written(undefined, v)).join(' ')
  return field?.type === 'datetime' ? moment(String(value)) : String(value)
}

/** `size` is a share; `gap` the bare distance; `points` says that the figure is itself a percentage. */
export interface Difference { text: string; size: number; gap: number; points: boolean }

/** Against the previous period: percent for counts, percentage points where the figure is itself a percentage. */
export function difference(value: unknown, previous: unknown, unit?: string | null): Difference | null {
  if (typeof value !== 'number' || typeof previous !== 'number') return null
  const gap = Math.abs(value - previous)
  const points = unit === '%'
  if (gap === 0) return { text: '持平', size: 0, gap, points }
  const sign = value > previous ? '+' : '−'
  if (points) return { text: `${sign}${number(gap)} 个百分点`, size: gap / 100, gap, points }
  if (previous === 0) return { text: `${sign}${number(gap)}`, size: 1, gap, points }
  const share = gap / Math.abs(previous)
  return { text: `${sign}${(share * 100).toFixed(1)}%`, size: share, gap, points }
}
