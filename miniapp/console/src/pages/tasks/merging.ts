/** How a street's figure comes from its committees', in words. Sums are the rule and need none on the card. */
import type { MergedField } from '@jucun/shared/contract'

export const HOW: Record<MergedField['how'], string> = {
  sum: '', ratio: '按分子分母重算', distinct: '按明细去重', recompute: '按公式重算', text: '',
}
