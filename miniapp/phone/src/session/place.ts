/** Where in the app the person is, and the way back there. */

export const STAFF = '/pages/due/index'
export const OFFICER = '/pages/officer/home/index'
/** The first page of whoever is signed in; the session says which. */
let home = STAFF
export function dwell(page: string): void { home = page }

const TABS = ['/pages/due/index', '/pages/records/index', '/pages/ledgers/index', '/pages/residents/index', '/pages/me/index']

/** The page on top with its query, as `uni.navigateTo` takes it. */
export function here(): string {
  const page = getCurrentPages().slice(-1)[0] as { route?: string; $page?: { fullPath?: string } } | undefined
  return page?.$page?.fullPath ?? (page?.route ? `/${page.route}` : home)
}

export function go(url: string): void {
  if (TABS.includes(url)) uni.switchTab({ url })
  else uni.navigateTo({ url })
}

/** One page back, or home when this page was opened by a link and nothing lies behind it. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.reLaunch({ url: home })
}

/** Starts over at `url`; only pages of this app are accepted, since the address may come from a link. */
export function arrive(url: string | undefined): void {
  const inside = url && /^\/pages(\/[a-z-]+){2,3}(\?[^#]*)?$/.test(url) && !url.startsWith('/pages/sign-in')
  uni.reLaunch({ url: inside ? url : home })
}

/** Opens what a row of the server points to: a person, a house, an order, or an entry of a ledger. */
export function linked(link: string | null): void {
  const [, what, id, rest, entry] = /^(?:\/api)?\/(people|houses|orders|ledgers)\/([^/]+)(?:\/(entries)\/([^/]+))?/.exec(link ?? '') ?? []
  if (what === 'people') go(`/pages/residents/person?id=${id}`)
  else if (what === 'houses') go(`/pages/residents/house?id=${id}`)
  else if (what === 'orders') go(`/pages/orders/order?id=${id}`)
  else if (rest) go(`/pages/records/entry?ledger=${id}&id=${entry}`)
}
