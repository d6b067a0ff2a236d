/** 订阅消息: the mini program asks whether it may tell how a finding goes on. A browser has nothing of the kind. */
import { H5 } from '@/platform/which'
import { api } from '@/session/session'

let templates: string[] = []

/** Fetched ahead: WeChat lets a page ask only within a tap. */
export async function subscribable(): Promise<void> {
  if (H5) return
  templates = (await api.officer.subscriptions().catch(() => [])).map(one => one.template_id)
}

/** Asks at most once per tap; a "no" changes nothing else. */
export function subscribe(): Promise<void> {
  if (H5 || !templates.length) return Promise.resolve()
  return new Promise(resolve => { wx.requestSubscribeMessage({ tmplIds: templates.slice(0, 3), complete: () => resolve() }) })
}
