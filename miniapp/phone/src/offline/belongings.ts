/** Everything this phone keeps for the person who is leaving: lists, drafts, queued records and their photos. */
import { drop, dropPhotos, keys } from '@/platform/keep'

export async function forgetAll(): Promise<void> {
  for (const key of await keys('')) await drop(key)
  await dropPhotos()
}
