/** How much time an order has left, in words a person takes in at a glance. */
import type { OrderDue } from './contract'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "20 分钟", "5 小时", "3 天": one unit is enough to decide what comes first. */
export function span(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  if (size < HOUR) return `${Math.max(1, Math.round(size / MINUTE))} 分钟`
  if (size < 2 * DAY) return `${Math.round(size / HOUR)} 小时`
  return `${Math.round(size / DAY)} 天`
}

/** "办理还剩 3 小时", "签收已超 2 天", "已暂停计时"; empty when no clock runs. */
export function dueText(due: OrderDue, now = Date.now()): string {
  if (due.state === 'stopped') return '已暂停计时'
  if (!due.at) return ''
  const left = Date.parse(due.at) - now
  return `${due.label ?? ''}${left >= 0 ? '还剩' : '已超'} ${span(left)}`
}
