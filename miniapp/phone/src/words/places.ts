/** Places and references, as much of them as somebody on the spot wants to read. */
import { me } from '@/session/session'

/** An address without the city and the district that everybody here shares. */
export function shortAddress(address: string): string {
  const district = me.value?.area_path[0]?.name
  const at = district ? address.indexOf(district) : -1
  return at < 0 ? address : address.slice(at + (district?.length ?? 0)) || address
}

/** Ids of rows and codes of areas tell a person nothing; what they stand for is shown beside. */
export const isReference = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^\d{12}(-\d+)?$/.test(text)
