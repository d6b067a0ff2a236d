/** One short question or message at a time, answered by a tap. A page calls `useAsk` first; its frame shows the question. */
import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'

export interface Question { title: string; text?: string; yes: string; no?: string }
export interface Asked extends Question { answer(yes: boolean): void }
const KEY: InjectionKey<ShallowRef<Asked | null>> = Symbol('ask')

/** Asks and waits; without `no` it only tells. */
export function useAsk(): (question: Question) => Promise<boolean> {
  let open = inject(KEY, null)
  if (!open) provide(KEY, (open = shallowRef<Asked | null>(null)))
  const current = open
  return question => new Promise(resolve => {
    current.value = { ...question, answer: yes => { current.value = null; resolve(yes) } }
  })
}

/** For the frame: what is being asked now. */
export const useAsked = (): ShallowRef<Asked | null> => inject(KEY, shallowRef(null))
