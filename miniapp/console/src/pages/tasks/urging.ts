/** Urging (催办): with whom a return still lies, and what came of a reminder in words. */
import type { TaskReturn, Urged } from '@jucun/shared/contract'

/** The committee has not handed it up to the street yet. */
export const owes = (r: Pick<TaskReturn, 'state'>): boolean => ['draft', 'checking', 'returned'].includes(r.state)

export function urgedWords({ told, already, silent, at_night }: Urged): string {
  const parts: string[] = []
  if (told) parts.push(`已通过企业微信提醒 ${told} 人${at_night ? '，明早 7:30 后送达' : ''}`)
  if (already) parts.push(told ? `另有 ${already} 人今天已经催过` : `${already} 人今天都已催过，每人每天只催一次`)
  if (silent.length) parts.push(`${named(silent.map(a => a.name))}名册里没有能接收消息的人`)
  return `${parts.join('；')}。`
}

function named(names: string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join('、')}等 ${names.length} 个居村` : names.join('、')
}
