/** Whether the server can be reached, as far as the last request and the phone itself know. */
import { ref, watch } from 'vue'
import { ApiProblem } from '@jucun/shared/problem'
import type { Transport } from '@jucun/shared/transports'

export const online = ref(true)

/** Runs `work` whenever the network comes back; asked for by a page, as long as that page lives. */
export function whenBack(work: () => void): void {
  watch(online, reachable => { if (reachable) work() })
}

export function watchNetwork(): void {
  uni.onNetworkStatusChange(({ isConnected }) => { online.value = isConnected })
  uni.getNetworkType({ success: ({ networkType }) => { online.value = networkType !== 'none' } })
}

/** A phone often believes in a network that is not there: every answer and every failure corrects it. */
export function observed(send: Transport): Transport {
  return async wire => {
    try {
      const reply = await send(wire)
      online.value = true
      return reply
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.offline) online.value = false
      throw problem
    }
  }
}
