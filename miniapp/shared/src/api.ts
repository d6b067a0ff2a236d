/**
 * The endpoints by name, for both front ends: `api.returns.submit(id, filled)`.
 * Paths are checked against the generated contract: one that the backend does not serve is a compile error.
 */
import type { Client } from './client'
import type * as c from './contract'
import type { FormDef } from './definition'
import { boards } from './boards'
import { calls, duty, emergencies } from './duty'
import { complaints, findings, lists, missions, officer, officers } from './feedback'
import { orders, units } from './orders'
import { at } from './paths'
import { alarms, devices, warnings } from './sensors'
import type { Incoming, Outgoing } from './transports'

export type Document = 'pdf' | 'xlsx'
export type LedgerFilter = { from?: string; to?: string; area?: string; q?: string }
export type LedgerQuery = LedgerFilter & { cursor?: string }

/** Where a write may wait in a queue it takes a `key`, so that every attempt is the same request to the server. */
export function makeApi(client: Client) {
  return {
    signIn: {
      corps: () => client.get<c.Corp[]>(at('/api/sign-in/corps'), undefined, { public: true }),
      mini: async (code: string, corp_id?: string) => {
        const tokens = await client.post<c.Tokens>(at('/api/sign-in/mini'), { code, corp_id }, { public: true })
        client.accept(tokens)
        return tokens.me
      },
      resume: async () => (await client.refresh()).me,
      out: async () => {
        await client.post<void>(at('/api/sign-out'))
        client.forget()
      },
    },
    me: {
      read: () => client.get<c.Me>(at('/api/me')),
      sessions: () => client.get<c.DeviceSession[]>(at('/api/me/sessions')),
      revoke: (session: string) => client.delete<void>(at('/api/me/sessions/{session}', { session })),
    },
    areas: {
      list: (on?: string) => client.get<c.Area[]>(at('/api/areas'), { on }),
      outlines: () => client.get<c.Outline[]>(at('/api/outlines')),
      changes: () => client.get<c.AreaChange[]>(at('/api/areas/changes')),
      change: (body: c.NewAreaChange) => client.post<c.AreaChange>(at('/api/areas/changes'), body),
    },
    buildings: (area: string) => client.get<c.Building[]>(at('/api/buildings'), { area }),
    due: () => client.get<c.Due[]>(at('/api/due')),
    returns: returns(client),
    tasks: tasks(client),
    people: people(client),
    houses: {
      search: (query: { q?: string; area?: string; cursor?: string }) =>
        client.get<c.Paged<c.HouseLine>>(at('/api/houses'), query),
      read: (house: string) => client.get<c.House>(at('/api/houses/{house}', { house })),
    },
    ledgers: ledgers(client),
    orders: orders(client),
    units: units(client),
    boards: boards(client),
    devices: devices(client),
    alarms: alarms(client),
    warnings: warnings(client),
    officers: officers(client),
    officer: officer(client),
    findings: findings(client),
    missions: missions(client),
    lists: lists(client),
    complaints: complaints(client),
    duty: duty(client),
    calls: calls(client),
    emergencies: emergencies(client),
    files: {
      add: (file: Outgoing, key?: string) => client.upload<c.StoredFile>(at('/api/files'), file, key),
      cover: (material: string, boxes: { x: number; y: number; width: number; height: number }[]) =>
        client.post<{ id: string; covered: number }>(at('/api/files/{material}/cover', { material }), { boxes }),
      read: (material: string, size: 'thumb' | 'full') => client.download(at('/api/files/{material}', { material }), { size }),
    },
    forms: {
      list: () => client.get<c.FormLine[]>(at('/api/forms')),
      read: (code: string) => client.get<FormDef>(at('/api/forms/{code}', { code })),
    },
    feeds: {
      list: () => client.get<c.Feed[]>(at('/api/feeds')),
      /** `anew` starts at the source's first row; else it goes on behind the last row seen. */
      pull: (key: string, anew = false) => client.post<c.Run>(at('/api/feeds/{key}/pulls', { key }), { anew }),
      runs: (key: string) => client.get<c.Run[]>(at('/api/feeds/{key}/runs', { key })),
      quarantine: (key: string) => client.get<c.Quarantined[]>(at('/api/feeds/{key}/quarantine', { key })),
    },
    staff: staff(client),
    audit: (query: { verb?: string; cursor?: string }) => client.get<c.AuditPage>(at('/api/audit'), query),
  }
}
export type Api = ReturnType<typeof makeApi>

function returns(client: Client) {
  return {
    read: (sheet: string) => client.get<c.Return>(at('/api/returns/{sheet}', { sheet })),
    save: (sheet: string, body: c.Filled, key?: string) =>
      client.put<c.Saved>(at('/api/returns/{sheet}/draft', { sheet }), body, { key }),
    submit: (sheet: string, body: c.Filled, key?: string) =>
      client.post<c.Receipt>(at('/api/returns/{sheet}/submit', { sheet }), body, { key }),
    check: (sheet: string, note?: string) => client.post<c.Return>(at('/api/returns/{sheet}/check', { sheet }), { note }),
    sendBack: (sheet: string, body: c.SendBack) =>
      client.post<c.Return>(at('/api/returns/{sheet}/send-back', { sheet }), body),
    approve: (sheet: string, note?: string) => client.post<c.Return>(at('/api/returns/{sheet}/approve', { sheet }), { note }),
    recompute: (sheet: string) => client.post<c.Return>(at('/api/returns/{sheet}/recompute', { sheet })),
    seen: (sheet: string) => client.post<void>(at('/api/returns/{sheet}/seen', { sheet })),
    versions: (sheet: string) => client.get<c.Version[]>(at('/api/returns/{sheet}/versions', { sheet })),
    rows: (sheet: string, field: string, cursor?: string) =>
      client.get<c.Rows>(at('/api/returns/{sheet}/fields/{field}/rows', { sheet, field }), { cursor }),
    download: (sheet: string, as: Document): Promise<Incoming> => client.download(at(`/api/returns/{sheet}/${as}`, { sheet })),
  }
}

function tasks(client: Client) {
  return {
    list: (state: 'open' | 'closed' | 'all') => client.get<c.Task[]>(at('/api/tasks'), { state }),
    /** What the clock will not be able to open for want of a working-day calendar. */
    outlook: () => client.get<c.Outlook>(at('/api/tasks/outlook')),
    create: (body: c.NewTask) => client.post<c.Task>(at('/api/tasks'), body),
    read: (task: string) => client.get<c.TaskPage>(at('/api/tasks/{task}', { task })),
    /** Reminds those with whom returns still lie: of all committees, or of some. */
    urge: (task: string, areas?: string[]) => client.post<c.Urged>(at('/api/tasks/{task}/reminders', { task }), { areas }),
    /** What stands behind a merged figure; with `area`, the rows of this committee only. */
    rows: (task: string, field: string, query: { area?: string; cursor?: string }) =>
      client.get<c.BehindMerged>(at('/api/tasks/{task}/fields/{field}/rows', { task, field }), query),
    download: (task: string, as: Document): Promise<Incoming> => client.download(at(`/api/tasks/{task}/${as}`, { task })),
  }
}

function people(client: Client) {
  return {
    search: (query: { q?: string; tag?: string; area?: string; cursor?: string }) =>
      client.get<c.Paged<c.PersonLine>>(at('/api/people'), query),
    read: (person: string) => client.get<c.Person>(at('/api/people/{person}', { person })),
    history: (person: string) => client.get<c.ValueChange[]>(at('/api/people/{person}/history', { person })),
    conflicts: () => client.get<c.Conflict[]>(at('/api/conflicts')),
    reveal: (person: string, field: string, reason: string) =>
      client.post<c.Revealed>(at('/api/people/{person}/reveal', { person }), { field, reason }),
    correct: (person: string, body: { values: c.Answers; note?: string }, key?: string) =>
      client.post<c.Person>(at('/api/people/{person}/values', { person }), body, { key }),
  }
}

function ledgers(client: Client) {
  return {
    list: () => client.get<c.Ledger[]>(at('/api/ledgers')),
    rows: (code: string, query: LedgerQuery) => client.get<c.LedgerRows>(at('/api/ledgers/{code}/rows', { code }), query),
    form: (code: string, subject: { person?: string; house?: string; like?: string }) =>
      client.get<c.LedgerForm>(at('/api/ledgers/{code}/form', { code }), subject),
    record: (code: string, body: c.NewEntry, key?: string) =>
      client.post<c.Entry>(at('/api/ledgers/{code}/entries', { code }), body, { key }),
    read: (code: string, entry: string) =>
      client.get<c.Entry>(at('/api/ledgers/{code}/entries/{entry}', { code, entry })),
    correct: (code: string, entry: string, body: c.EntryCorrection, key?: string) =>
      client.post<c.Entry>(at('/api/ledgers/{code}/entries/{entry}/correct', { code, entry }), body, { key }),
    download: (code: string, as: Document, query: LedgerFilter): Promise<Incoming> =>
      client.download(at(`/api/ledgers/{code}/${as}`, { code }), query),
    /** The pictures of its entries, or of one, as pages of a PDF. */
    pictures: (code: string, query: LedgerFilter): Promise<Incoming> =>
      client.download(at('/api/ledgers/{code}/pictures', { code }), query),
    picturesOf: (code: string, entry: string): Promise<Incoming> =>
      client.download(at('/api/ledgers/{code}/entries/{entry}/pictures', { code, entry })),
  }
}

function staff(client: Client) {
  return {
    list: () => client.get<c.StaffLine[]>(at('/api/staff')),
    import: (file: Outgoing) => client.upload<c.StaffImport>(at('/api/staff/import'), file),
    sync: () => client.post<c.StaffSync>(at('/api/staff/sync')),
    strangers: () => client.get<c.Stranger[]>(at('/api/staff/strangers')),
    departments: () => client.get<c.DepartmentPlace[]>(at('/api/staff/departments')),
    place: (corp_id: string, department: number, area: string) => client.put<c.DepartmentPlace>(
      at('/api/staff/departments/{corp_id}/{department}', { corp_id, department: String(department) }), { area }),
  }
}
