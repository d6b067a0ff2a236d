/** Boards and statistics: results per place and unit, never per person. */
import type { Client } from './client'
import type * as c from './contract'
import { at } from './paths'
import type { Incoming } from './transports'

export type By = 'area' | 'street' | 'class' | 'category' | 'unit' | 'place' | 'week' | 'source'
/** Both days included; the last thirty when nothing is said. */
export interface Days { from?: string; to?: string }

export function boards(client: Client) {
  return {
    today: () => client.get<c.BoardToday>(at('/api/boards/today')),
    /** A street by committees, or the district by streets. */
    of: (which: 'street' | 'district', days: Days) => client.get<c.StreetBoard>(at(`/api/boards/${which}`), { ...days }),
    statistics: (query: Days & { by: By; area?: string }) => client.get<c.Statistics>(at('/api/boards/orders'), { ...query }),
    spots: (days: Days) => client.get<c.Spots>(at('/api/boards/spots'), { ...days }),
    callers: (days: Days) => client.get<c.RepeatedCallers>(at('/api/boards/callers'), { ...days }),
    sheet: (which: 'street' | 'district', days: Days): Promise<Incoming> => client.download(at(`/api/boards/${which}/xlsx`), { ...days }),
    statisticsSheet: (query: Days & { by: By }): Promise<Incoming> => client.download(at('/api/boards/orders/xlsx'), { ...query }),
  }
}
