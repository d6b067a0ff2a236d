/** Who is signed in, and the one client that every page speaks through. */
import { ref, watch } from 'vue'
import { makeApi } from '@jucun/shared/api'
import { Client } from '@jucun/shared/client'
import type { Me, Tokens } from '@jucun/shared/contract'
import type { ApiProblem } from '@jucun/shared/problem'
import { observed } from '@/platform/network'
import { transport } from '@/platform/transport'
import { H5 } from '@/platform/which'
import { OFFICER, STAFF, dwell, here } from '@/session/place'

const REFRESH = 'refresh'
const ME = 'me'
const SIGN_IN = '/pages/sign-in/index'
/** A session that merely ran out: WeCom signs the person in again without a word. */
const ENDED = ['session.required', 'session.over']

function remembered(): Me | null {
  const text = uni.getStorageSync(ME)
  return text ? (JSON.parse(text) as Me) : null
}

/** Remembered between starts, so that the pages open at once and without a network. */
export const me = ref<Me | null>(remembered())
watch(me, person => dwell(person?.officer ? OFFICER : STAFF), { immediate: true, flush: 'sync' })

class Session extends Client {
  override accept(tokens: Tokens): void {
    super.accept(tokens)
    me.value = tokens.me
    uni.setStorageSync(ME, JSON.stringify(tokens.me))
  }
  override forget(): void {
    super.forget()
    me.value = null
    uni.removeStorageSync(ME)
  }
}

/** A browser holds the refresh token in an HttpOnly cookie that no script reads; the mini program has only its storage. */
const keeper = H5 ? undefined : {
  load: (): string | null => uni.getStorageSync(REFRESH) || null,
  save: (token: string | null): void => (token ? uni.setStorageSync(REFRESH, token) : uni.removeStorageSync(REFRESH)),
}

/** A refresh token is good once: two windows of the same browser must take turns. */
async function exclusive<T>(work: () => Promise<T>): Promise<T> {
  return H5 && navigator.locks ? await navigator.locks.request('jucun-refresh', work) : work()
}

function onSignedOut(why: ApiProblem): void {
  if (here().startsWith(SIGN_IN)) return
  const reason = ENDED.includes(why.code) ? '' : `&why=${encodeURIComponent(why.title)}`
  uni.reLaunch({ url: `${SIGN_IN}?next=${encodeURIComponent(here())}${reason}` })
}

export const client = new Session({ base: __API_ORIGIN__, transport: observed(transport), keeper, exclusive, onSignedOut })
export const api = makeApi(client)

/** Whether the signed-in person holds a verb, such as `return.approve`. */
export const may = (verb: string): boolean => me.value?.verbs.includes(verb) ?? false
