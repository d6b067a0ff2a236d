/** Duty, hand-over and emergencies by name: who is on, what was reported, and the call that everybody confirms. */
import type { components } from './api.gen'
import type { Client } from './client'
import type * as c from './contract'
import { at } from './paths'
import type { Incoming } from './transports'

type S = components['schemas']

export function duty(client: Client) {
  return {
    now: () => client.get<c.OnDuty>(at('/api/duty/now')),
    roster: (query: { from?: string; to?: string; area?: string }) => client.get<c.Shift[]>(at('/api/duty/roster'), query),
    plan: (shifts: S['PlannedShift'][]) => client.put<S['Planned']>(at('/api/duty/roster'), { shifts }),
    drop: (shift: string) => client.delete<void>(at('/api/duty/shifts/{shift}', { shift })),
    shift: (shift: string) => client.get<c.ShiftPage>(at('/api/duty/shifts/{shift}', { shift })),
    log: (shift: string, body: S['NewLine'], key?: string) => client.post<c.ShiftPage>(at('/api/duty/shifts/{shift}/lines', { shift }), body, { key }),
    follow: (shift: string, line: string, body: S['LineDone']) =>
      client.post<c.ShiftPage>(at('/api/duty/shifts/{shift}/lines/{line}', { shift, line }), body),
    offer: (shift: string, body: S['Offer']) => client.post<c.ShiftPage>(at('/api/duty/shifts/{shift}/hand-over', { shift }), body),
    take: (shift: string, rev: number) => client.post<c.ShiftPage>(at('/api/duty/shifts/{shift}/take', { shift }), { rev }),
  }
}

/** What everybody has of an emergency: the calls that wait for one's own word. */
export function calls(client: Client) {
  return {
    mine: () => client.get<c.Call[]>(at('/api/emergencies/calls')),
    confirm: (call: string, help: boolean, key?: string) => client.post<S['Confirmed']>(at('/api/emergencies/calls/{call}/confirm', { call }), { help }, { key }),
  }
}

/** The switch (平急转换) and what hangs on it, for those who lead through an emergency. */
export function emergencies(client: Client) {
  return {
    list: () => client.get<c.EmergencyLine[]>(at('/api/emergencies')),
    plan: () => client.get<c.EmergencyPlan>(at('/api/emergencies/plan')),
    begin: (body: S['Begin']) => client.post<c.Emergency>(at('/api/emergencies'), body),
    read: (emergency: string) => client.get<c.Emergency>(at('/api/emergencies/{emergency}', { emergency })),
    turn: (emergency: string, body: S['Turn']) => client.post<c.Emergency>(at('/api/emergencies/{emergency}/level', { emergency }), body),
    report: (emergency: string, body: S['Said']) => client.post<c.Emergency>(at('/api/emergencies/{emergency}/reports', { emergency }), body),
    end: (emergency: string, body: S['End']) => client.post<c.Emergency>(at('/api/emergencies/{emergency}/end', { emergency }), body),
    paper: (emergency: string, which: 'people' | 'supplies' | 'report'): Promise<Incoming> =>
      client.download(at(`/api/emergencies/{emergency}/${which}/pdf`, { emergency })),
    call: (emergency: string, body: S['NewCall']) => client.post<c.Call>(at('/api/emergencies/{emergency}/calls', { emergency }), body),
    readCall: (call: string) => client.get<c.Call>(at('/api/emergencies/calls/{call}', { call })),
    byPhone: (call: string, person: string) => client.post<c.Call>(at('/api/emergencies/calls/{call}/by-phone', { call }), { person }),
  }
}
