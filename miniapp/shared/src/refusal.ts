/** Why WeCom came back without a person: the callback names the problem's code in the address (`?problem=`). */
import type { components } from './api.gen'

const SENTENCES: Partial<Record<components['schemas']['Problem']['code'], string>> = {
  'account.unknown': '您还不在居村通的名册里，请联系街道数据专员。',
  'account.disabled': '您的账号已停用，如有疑问请联系街道数据专员。',
  'account.without_role': '您还没有分配岗位，请联系街道数据专员。',
  'account.outsider': '只有本企业的成员可以登录居村通。',
  'sign_in.declined': '您没有同意授权，所以没有登录。',
  'sign_in.expired': '登录已超时，请重新登录。',
  'wecom.code_invalid': '登录码已失效或已被使用，请重新登录。',
  'wecom.unreachable': '企业微信暂时连不上，请稍后再试。',
  'wecom.misconfigured': '企业微信应用的配置有误，请联系街道数据专员。',
}

/** The sentence for an address's query; empty when it names no problem. */
export function refusal(search: string): string {
  const code = /[?&]problem=([^&]+)/.exec(search)?.[1]
  if (!code) return ''
  return (SENTENCES as Record<string, string>)[decodeURIComponent(code)] ?? '登录没有完成，请再试一次。'
}
