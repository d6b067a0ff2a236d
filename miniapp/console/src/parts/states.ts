/** The states of a return: their words, colours and the order in which a bar stacks them. */
import type { ReturnState, TaskCounts } from '@jucun/shared/contract'

export type Segment = ReturnState | 'overdue'
export const SEGMENTS: { key: Segment; label: string; colour: string }[] = [
  { key: 'approved', label: '已审定', colour: 'var(--state-approved)' },
  { key: 'submitted', label: '已上报', colour: 'var(--state-submitted)' },
  { key: 'checking', label: '待复核', colour: 'var(--state-checking)' },
  { key: 'returned', label: '退回', colour: 'var(--state-returned)' },
  { key: 'draft', label: '未填', colour: 'var(--state-draft)' },
  { key: 'overdue', label: '逾期', colour: 'var(--state-overdue)' },
]

/** Overdue ones are still in some unfinished state; in a bar each return is drawn once, the overdue ones as overdue. */
export function segments(counts: TaskCounts): Record<Segment, number> {
  let late = counts.overdue
  const without = (count: number): number => {
    const taken = Math.min(count, late)
    late -= taken
    return count - taken
  }
  const draft = without(counts.draft)
  const returned = without(counts.returned)
  const checking = without(counts.checking)
  const { approved, submitted, overdue } = counts
  return { approved, submitted, checking, returned, draft, overdue }
}
