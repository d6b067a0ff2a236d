/** The five ways an area changes: their words, and how many areas end and begin. */
import type { AreaChangeKind } from '@jucun/shared/contract'

export interface Kind { label: string; verb: string; ends: [number, number]; begins: [number, number]; hint: string }
export const KINDS: Record<AreaChangeKind, Kind> = {
  split: { label: '拆分', verb: '拆为', ends: [1, 1], begins: [2, 9], hint: '一个居村分成几个；其中一个可以沿用原代码。' },
  merge: { label: '合并', verb: '并为', ends: [2, 9], begins: [1, 1], hint: '几个居村并成一个；可以沿用其中一个的代码。' },
  rename: { label: '更名', verb: '更名为', ends: [1, 1], begins: [1, 1], hint: '代码不变，名称从当日起改变。' },
  retire: { label: '撤销', verb: '撤销', ends: [1, 9], begins: [0, 0], hint: '当日起不再有填报任务，历史数据保留。' },
  create: { label: '新设', verb: '新设', ends: [0, 0], begins: [1, 1], hint: '当日起产生填报任务。' },
}
