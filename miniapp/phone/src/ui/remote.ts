/** One piece of a page fetched from the server: loading, ready, failed, or the copy kept from the last time. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiProblem } from '@jucun/shared/problem'
import { recall, remember } from '@/offline/seen'

export interface Remote<T> {
  value: ShallowRef<T | null>
  problem: ShallowRef<ApiProblem | null>
  loading: Ref<boolean>
  load(): Promise<void>
}

export const asProblem = (thrown: unknown): ApiProblem =>
  thrown instanceof ApiProblem ? thrown : new ApiProblem('client', '页面出了点问题，请返回后再试。', 0)

/** With `keep`, what came last time is shown at once and stays when there is no network. */
export function useRemote<T>(fetch: () => Promise<T>, keep?: () => string): Remote<T> {
  const value = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = ref(false)

  async function load(): Promise<void> {
    loading.value = true
    problem.value = null
    if (keep && value.value === null) value.value = await recall<T>(keep())
    try {
      value.value = await fetch()
      if (keep) await remember(keep(), value.value)
    } catch (thrown) {
      const why = asProblem(thrown)
      if (value.value === null || !why.offline) problem.value = why
    } finally {
      loading.value = false
    }
  }
  return { value, problem, loading, load }
}
