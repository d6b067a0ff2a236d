/** A list that comes page by page as one scrolls. A newer question makes the answers to an older one void. */
import { ref, shallowRef } from 'vue'
import type { ApiProblem } from '@jucun/shared/problem'
import { asProblem } from './remote'

export function usePaged<T>(fetch: (cursor?: string) => Promise<{ rows: T[]; total: number; next: string | null }>) {
  const rows = shallowRef<T[]>([])
  const total = ref<number | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)
  /** Nothing has come yet for this question. */
  const first = ref(false)
  let next: string | null = null
  let asked = 0

  async function fetchPage(cursor: string | null): Promise<void> {
    const mine = ++asked
    loading.value = true
    try {
      const page = await fetch(cursor ?? undefined)
      if (mine !== asked) return
      rows.value = cursor ? [...rows.value, ...page.rows] : page.rows
      total.value = page.total
      next = page.next
    } catch (thrown) {
      if (mine === asked) problem.value = asProblem(thrown)
    } finally {
      if (mine === asked) loading.value = first.value = false
    }
  }
  function start(): Promise<void> {
    problem.value = null
    first.value = rows.value.length === 0
    return fetchPage(null)
  }
  async function more(): Promise<void> {
    if (next && !loading.value) await fetchPage(next)
  }
  function clear(): void {
    asked += 1
    rows.value = []
    total.value = null
    next = null
    loading.value = first.value = false
  }
  return { rows, total, problem, loading, first, start, more, clear }
}
