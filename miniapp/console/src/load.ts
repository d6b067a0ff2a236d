/** Reading something for a screen: its data, whether it is on the way, and what went wrong, never a stale answer. */
import { ApiProblem } from '@jucun/shared/problem'
import { ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'

export interface Loading<T> {
  data: ShallowRef<T | null>
  problem: ShallowRef<ApiProblem | null>
  busy: Ref<boolean>
  reload: () => Promise<void>
}

export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  throw error
}

/** Reads now and again whenever one of `sources` changes; only the newest answer counts. */
export function useLoad<T>(read: () => Promise<T>, ...sources: WatchSource[]): Loading<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)
  let newest = 0

  async function reload(): Promise<void> {
    const mine = ++newest
    busy.value = true
    try {
      const answer = await read()
      if (mine === newest) [data.value, problem.value] = [answer, null]
    } catch (error) {
      if (mine === newest) problem.value = asProblem(error)
    } finally {
      if (mine === newest) busy.value = false
    }
  }

  watch(sources, reload, { immediate: true })
  return { data, problem, busy, reload }
}

export interface Page { rows: unknown[]; next: string | null; total?: number }
export interface Paging<P extends Page> extends Loading<P> { more: () => Promise<void> }

/** A list read page by page: `more` appends what follows the last cursor. */
export function usePages<P extends Page>(read: (cursor?: string) => Promise<P>, ...sources: WatchSource[]): Paging<P> {
  const loading = useLoad(() => read(), ...sources)
  async function more(): Promise<void> {
    const shown = loading.data.value
    if (!shown?.next || loading.busy.value) return
    loading.busy.value = true
    try {
      const page = await read(shown.next)
      if (loading.data.value === shown) loading.data.value = { ...page, rows: [...shown.rows, ...page.rows] }
    } catch (error) {
      loading.problem.value = asProblem(error)
    } finally {
      loading.busy.value = false
    }
  }
  return { ...loading, more }
}
