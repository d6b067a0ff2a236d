/** The periods one may publish a task for: the running one and those just past, in the server's notation. */
import { today } from '../../text'

export interface Choice { value: string; label: string }

const COUNT = { month: 6, quarter: 5, half: 3, year: 2 }

/** "2026-11", "2026Q4", "2026H2" or "2026" by the form's frequency (月报, 季报, 半年报, 年报), newest first. */
export function periodsOf(freq: string | undefined, now = today()): Choice[] {
  const year = Number(now.slice(0, 4))
  const month = Number(now.slice(5, 7))
  if (!freq) return []
  if (freq.includes('季')) return count(COUNT.quarter, n => quarter(year * 4 + Math.floor((month - 1) / 3) - n))
  if (freq.includes('半年')) return count(COUNT.half, n => half(year * 2 + Math.floor((month - 1) / 6) - n))
  if (freq.includes('年')) return count(COUNT.year, n => ({ value: `${year - n}`, label: `${year - n} 年` }))
  return count(COUNT.month, n => monthly(year * 12 + month - 1 - n))
}

function count(many: number, make: (n: number) => Choice): Choice[] {
  return Array.from({ length: many }, (_, n) => make(n))
}

function monthly(index: number): Choice {
  const year = Math.floor(index / 12)
  const month = (index % 12) + 1
  return { value: `${year}-${String(month).padStart(2, '0')}`, label: `${year} 年 ${month} 月` }
}

function quarter(index: number): Choice {
  const year = Math.floor(index / 4)
  const q = (index % 4) + 1
  return { value: `${year}Q${q}`, label: `${year} 年第 ${q} 季度` }
}

function half(index: number): Choice {
  const year = Math.floor(index / 2)
  return { value: `${year}H${(index % 2) + 1}`, label: `${year} 年${index % 2 ? '下' : '上'}半年` }
}
