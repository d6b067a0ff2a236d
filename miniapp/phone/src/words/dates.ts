/** Days and times as people say them. All dates of the server are ISO strings in Shanghai time. */

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
const EAST = 8 * 3_600_000
const pad = (n: number): string => String(n).padStart(2, '0')

/** The calendar day of an ISO date or time, as the numbers written there: no time zone of the phone takes part. */
export function parts(iso: string): { year: number; month: number; day: number } {
  const [year = 0, month = 1, day = 1] = iso.slice(0, 10).split('-').map(Number)
  return { year, month, day }
}

export const iso = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`

/** A moment of this phone's clock, as the server writes moments: in Shanghai time, wherever the phone thinks it is. */
export const momentIso = (at: number): string => `${new Date(at + EAST).toISOString().slice(0, 19)}+08:00`
export const today = (): string => momentIso(Date.now()).slice(0, 10)

export function plusDays(from: string, days: number): string {
  const { year, month, day } = parts(from)
  return iso(new Date(year, month - 1, day + days))
}

/** 2026年11月30日. */
export function fullDay(date: string): string {
  const { year, month, day } = parts(date)
  return `${year}年${month}月${day}日`
}

export function weekday(date: string): string {
  const { year, month, day } = parts(date)
  return `周${WEEKDAYS[new Date(year, month - 1, day).getDay()]}`
}

/** 11月30日; with the year when it is not this one. */
export function dayText(date: string | null): string {
  if (!date) return '—'
  const { year, month, day } = parts(date)
  return `${year === new Date().getFullYear() ? '' : `${year}年`}${month}月${day}日`
}

/** A moment with whatever offset, as written in Shanghai; a bare day stays as it is. */
function local(time: string): string {
  const moment = Date.parse(time.replace(/\.\d+/, ''))
  return time.length > 10 && !Number.isNaN(moment) ? momentIso(moment) : time
}

/** 今天 09:30, 昨天 16:05, 11月3日 08:10; midnight is no time but a day. */
export function timeText(time: string | null): string {
  if (!time) return '—'
  const clock = local(time).slice(11, 16)
  return dayWord(time) + (clock && clock !== '00:00' ? ` ${clock}` : '')
}

/** 今天, 昨天, 11月3日. */
export function dayWord(time: string): string {
  const day = local(time).slice(0, 10)
  if (day === today()) return '今天'
  return day === plusDays(today(), -1) ? '昨天' : dayText(day)
}

/** How long is left, the way one would say it; the server counted the days. */
export function dueText(daysLeft: number, overdue: boolean): string {
  if (overdue) return daysLeft < 0 ? `已逾期${-daysLeft}天` : '已逾期'
  if (daysLeft === 0) return '今天截止'
  if (daysLeft === 1) return '明天截止'
  return `还剩${daysLeft}天`
}

export const momentText = (at: number): string => timeText(momentIso(at))
