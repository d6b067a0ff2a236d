/** Checking and reviewing a return: remarks to single fields are gathered first and sent back together. */
import { computed, ref } from 'vue'
import { api } from '@/session/session'
import type { Filling } from './filling'

export function useReview(filling: Filling) {
  const remarks = ref<Record<string, string>>({})
  const able = (verb: 'check' | 'send_back' | 'approve'): boolean => filling.page.value?.can.includes(verb) ?? false
  const canSendBack = computed(() => able('send_back'))
  const passes = computed(() => (able('check') ? 'check' : able('approve') ? 'approve' : null))
  const can = computed(() => canSendBack.value || passes.value !== null)
  const marked = computed(() => Object.keys(remarks.value).length)
  const marks = computed(() => Object.fromEntries(Object.keys(remarks.value).map(field => [field, '要退回'])))

  function remark(field: string, words: string): void {
    const { [field]: _, ...others } = remarks.value
    remarks.value = words ? { ...others, [field]: words } : others
  }
  /** Tells the server that the reviewer has seen this state, so that next time only what is new is pointed out. */
  async function look(): Promise<void> {
    if (can.value && filling.page.value) await api.returns.seen(filling.page.value.id).catch(() => undefined)
  }
  async function sendBack(): Promise<string> {
    const list = Object.entries(remarks.value).map(([field, text]) => ({ field, remark: text }))
    filling.show(await api.returns.sendBack(filling.page.value!.id, { remarks: list }))
    remarks.value = {}
    return `已退回${list.length}项`
  }
  async function pass(): Promise<string> {
    const { id } = filling.page.value!
    const checking = passes.value === 'check'
    filling.show(await (checking ? api.returns.check(id) : api.returns.approve(id)))
    return checking ? '复核通过，已上报街道' : '已审定'
  }
  return { remarks, marks, marked, can, canSendBack, passes, remark, look, sendBack, pass }
}
export type Review = ReturnType<typeof useReview>
