/** Who is at this desk: the client with its token in memory, the person, and what the person may do. */
import { makeApi } from '@jucun/shared/api'
import { Client } from '@jucun/shared/client'
import type { Me } from '@jucun/shared/contract'
import type { ApiProblem } from '@jucun/shared/problem'
import { fetchTransport } from '@jucun/shared/transports'
import { ref, shallowRef } from 'vue'

export const me = shallowRef<Me | null>(null)
/** Why the sign-in page is shown, when it is not simply the first visit. */
export const signedOutBecause = ref('')

/** Open windows share the refresh cookie, and each of its tokens is good once: they take turns. */
async function exclusive<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request('jucun-refresh', work) : work()
}

export const client = new Client({ transport: fetchTransport, exclusive, onSignedOut: leave })
export const api = makeApi(client)

function leave(why: ApiProblem): void {
  if (me.value) signedOutBecause.value = why.title
  me.value = null
}

export function may(verb: string): boolean {
  return me.value?.verbs.includes(verb) ?? false
}

/** Takes up the session that the refresh cookie still holds; false when somebody has to sign in. */
export async function resume(): Promise<boolean> {
  me.value = await api.signIn.resume().catch((problem: ApiProblem) => {
    if (problem.code !== 'session.required') signedOutBecause.value = problem.title
    return null
  })
  return me.value !== null
}

export async function signOut(): Promise<void> {
  await api.signIn.out().catch(() => client.forget())
  signedOutBecause.value = ''
  me.value = null
}
