/** The fields marked for sending back, each with the remark that must go with it. */
import { computed, nextTick, reactive, ref } from 'vue'

export function useMarks() {
  const remarks = reactive(new Map<string, string>())
  /** Set when somebody tried to send back without a remark: the empty ones then say so. */
  const pressed = ref(false)
  const list = computed(() => [...remarks].map(([field, remark]) => ({ field, remark: remark.trim() })))
  const missing = computed(() => list.value.filter(m => !m.remark).map(m => m.field))

  function toggle(field: string): void {
    if (remarks.delete(field)) return
    remarks.set(field, '')
    void focus(field)
  }
  async function focus(field: string): Promise<void> {
    await nextTick()
    document.querySelector<HTMLElement>(`#remark-${field}`)?.focus()
  }
  /** True when every marked field has its remark; otherwise leads to the first that has none. */
  function complete(): boolean {
    pressed.value = true
    const [first] = missing.value
    if (first) void focus(first)
    return !first
  }
  function clear(): void {
    remarks.clear()
    pressed.value = false
  }
  return { remarks, pressed, list, missing, toggle, complete, clear }
}
export type Marks = ReturnType<typeof useMarks>
