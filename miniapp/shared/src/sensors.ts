/** Devices, their alarms, and warnings that several sources raise together. */
import type { components } from './api.gen'
import type { Client } from './client'
import type * as c from './contract'
import { at } from './paths'

type S = components['schemas']

export function devices(client: Client) {
  return {
    kinds: () => client.get<c.SensorKinds>(at('/api/sensors')),
    list: (query: { kind?: string; state?: string; away?: boolean; q?: string; cursor?: string }) => client.get<c.DevicePage>(at('/api/devices'), query),
    adjust: () => client.get<c.AdjustLine[]>(at('/api/devices/adjust')),
    read: (device: string) => client.get<c.Device>(at('/api/devices/{device}', { device })),
    change: (device: string, body: S['DeviceChange']) => client.put<c.Device>(at('/api/devices/{device}', { device }), body),
  }
}

export function alarms(client: Client) {
  return {
    list: (query: { state?: string; kind?: string; device?: string; cursor?: string }) => client.get<S['AlarmPage']>(at('/api/alarms'), query),
    read: (alarm: string) => client.get<c.Alarm>(at('/api/alarms/{alarm}', { alarm })),
    judge: (alarm: string, body: { rev: number; real: boolean; reason?: string; note?: string }) =>
      client.post<c.Alarm>(at('/api/alarms/{alarm}/judge', { alarm }), body),
  }
}

export function warnings(client: Client) {
  return {
    list: (query: { cursor?: string }) => client.get<{ rows: c.Warning[]; total: number; next: string | null }>(at('/api/warnings'), query),
    close: (warning: string, body: S['WarningEnd']) => client.post<c.Warning>(at('/api/warnings/{warning}/close', { warning }), body),
  }
}
