/** The words of the residents' side: fields of officers, decisions, and how long a promise lasts. */
import type { OfficerField } from '@jucun/shared/contract'

export const FINDING_STATES = [
  { key: 'sent', label: '待登记' }, { key: 'registered', label: '待答复' }, { key: 'working', label: '整改中' }, { key: 'answered', label: '待评价' },
  { key: 'appealed', label: '待街镇决定' }, { key: 'settled', label: '已办结' }, { key: 'declined', label: '未采纳' },
]
export const FIELDS: { key: OfficerField; label: string }[] = [
  { key: 'deputy', label: '人大代表' }, { key: 'member', label: '政协委员' }, { key: 'expert', label: '专家学者' }, { key: 'resident', label: '热心居民' }, { key: 'business', label: '企业商户' }, { key: 'other', label: '其他' },
]

/** The quarters that a list can be made of, the present one first. */
export function quarters(today: string, count = 8): { key: string; label: string }[] {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const last = year * 4 + Math.floor((month - 1) / 3)
  return Array.from({ length: count }, (_, i) => last - i).map(n => {
    const [y, q] = [Math.floor(n / 4), n % 4 + 1]
    return { key: `${y}Q${q}`, label: `${y}年第${'一二三四'[q - 1]}季度` }
  })
}
