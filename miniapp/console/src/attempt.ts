/** Doing something for the user: says what went wrong in the server's own words, and that it worked when that is not seen. */
import type { ApiProblem } from '@jucun/shared/problem'
import type { Incoming } from '@jucun/shared/transports'
import { ElMessage } from 'element-plus'
import 'element-plus/theme-chalk/el-message.css'
import { ref } from 'vue'
import { asProblem } from './load'

type Refused = (problem: ApiProblem) => void

function tell({ title, fields }: ApiProblem): void {
  ElMessage.error({ message: title + fields.map(f => f.message).join('；'), duration: 6000, showClose: true, grouping: true })
}

/** What came of it, when that is more than "done"; `good` when it is what the user wanted. */
export function say(message: string, good: boolean): void {
  ElMessage({ message, type: good ? 'success' : 'warning', duration: 5000, showClose: true, grouping: true })
}

/** Undefined when it failed; the user has been told. */
export async function attempt<T>(work: () => Promise<T>, done?: string, refused: Refused = tell): Promise<T | undefined> {
  try {
    const result = await work()
    if (done) ElMessage.success(done)
    return result
  } catch (error) {
    refused(asProblem(error))
    return undefined
  }
}

/**
 * A button's work: `busy` while it runs, a second click meanwhile does nothing.
 * What the server says about one of the form's `fields` goes to `wrong`, to stand at the field; all else is told above.
 */
export function useAttempt(fields: string[] = []) {
  const busy = ref(false)
  const wrong = ref<Record<string, string>>({})

  function refused(problem: ApiProblem): void {
    const here = problem.fields.filter(f => fields.includes(f.field))
    if (!here.length) return tell(problem)
    wrong.value = Object.fromEntries(here.map(f => [f.field, f.message]))
  }
  async function run<T>(work: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    wrong.value = {}
    try { return await attempt(work, done, refused) } finally { busy.value = false }
  }
  return { busy, wrong, run }
}

/** Hands a downloaded file to the browser. */
export function keep({ name, blob }: Incoming): void {
  if (!blob) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
