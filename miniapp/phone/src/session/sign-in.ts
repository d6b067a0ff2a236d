/** The two ways in: a browser is sent to WeCom and comes back with a cookie, the mini program trades a login code. */
import type { Corp, Me } from '@jucun/shared/contract'
import { withQuery } from '@jucun/shared/client'
import { ApiProblem } from '@jucun/shared/problem'
import { api } from '@/session/session'

const CORP = 'corp'

export const lastCorp = (): string => uni.getStorageSync(CORP) as string

/** Leaves the page for WeCom's consent; the answer returns to `next`, a page of this app. */
export function toWecom(corp: Corp, next: string): void {
  uni.setStorageSync(CORP, corp.corp_id)
  window.location.href = withQuery('/api/sign-in/h5', { corp_id: corp.corp_id, next: `${window.location.pathname}#${next}` })
}

const inWecom = (): boolean => typeof wx !== 'undefined' && Boolean(wx.qy)

/** WeCom's own login where it exists; plain WeChat gives a code too, which the server may or may not take. */
function loginCode(): Promise<string> {
  if (!inWecom()) return weixinCode()
  return asked('没有取得企业微信的登录许可，请重试。', answer => wx.qy?.login(answer))
}

/** The code by which ordinary WeChat says who holds the phone: experience officers have no corp account. */
export const weixinCode = (): Promise<string> => asked('没有取得微信的登录许可，请重试。', answer => uni.login(answer))

interface Answer { success(given: { code: string }): void; fail(): void }
function asked(refusal: string, login: (answer: Answer) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    login({ success: ({ code }) => resolve(code), fail: () => reject(new ApiProblem('login', refusal, 0)) })
  })
}

/** An officer who was here before comes in again by the mini program. */
export const officerByCode = async (): Promise<Me> => api.officer.mini(await weixinCode())

/** The code may belong to another corp than the one remembered; the server then names it, and a fresh code is traded once. */
export async function byCode(): Promise<Me> {
  try {
    return kept(await api.signIn.mini(await loginCode(), lastCorp() || undefined))
  } catch (problem) {
    const corp = problem instanceof ApiProblem ? problem.extra.corp_id : undefined
    if (typeof corp !== 'string') throw problem
    return kept(await api.signIn.mini(await loginCode(), corp))
  }
}

function kept(person: Me): Me {
  uni.setStorageSync(CORP, person.corp_id)
  return person
}
