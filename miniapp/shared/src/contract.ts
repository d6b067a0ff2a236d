/**
 * The shapes that travel between the backend and the two front ends, by the names the screens use.
 * All of them come from the generated `api.gen.ts`; only where the document says less than the backend keeps
 * (a word out of a few, a form's definition) is a member narrowed here.
 */
import type { components, paths } from './api.gen'
import type { FieldValue, FormDef } from './definition'

type S = components['schemas']
/** What a path answers, for shapes whose short name two slices share. */
type Answer<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer A } } } } } ? A : never
/** T with some of its members told more exactly; a member T does not have is an error. */
type Told<T, N extends { [K in keyof N]: K extends keyof T ? unknown : never }> = Omit<T, keyof N> & N

export type Answers = Record<string, FieldValue>
export type Reasons = Record<string, string>
export type Place = S['AreaName']
export type Labelled = S['Labelled']

// ---- sign-on
export type Corp = S['CorpName']
export type Tokens = S['Tokens']
export type Me = S['Me']
export type DeviceSession = S['DeviceSession']

// ---- areas
export type Area = S['Area']
export type AreaKind = Area['kind']
export type NewAreaChange = S['NewAreaChange']
export type AreaChangeKind = NewAreaChange['kind']
export type AreaChange = Told<S['AreaChange'], { kind: AreaChangeKind }>

// ---- the due list and returns
export type FormKind = 'register' | 'ledger' | 'report' | 'form'
export type TaskKind = 'report' | 'form'
export type ReturnState = S['Return']['state']
export type ReturnVerb = 'save' | 'submit' | 'check' | 'send_back' | 'approve' | 'recompute'
export type Due = Told<S['Due'], { kind: TaskKind }>
export type Known = S['Known']
export type Issue = S['Issue']
export type Remark = S['Remark']
export type Change = S['Return']['changes'][number]
export type Step = S['Return']['steps'][number]
export type Return = Told<S['Return'], {
  form: Told<S['FormName'], { kind: FormKind }>; definition: FormDef; can: ReturnVerb[]
}>
export type Filled = Required<S['Draft']>
export type Saved = S['Saved']
/** What handing in gives back: the new state and the digest of the version now kept. */
export type Receipt = S['Receipt']
export type SendBack = S['SendBack']
export type Version = Told<S['Version'], { state: ReturnState }>
export type Rows = S['Rows']

// ---- tasks
export type TaskCounts = S['Counts']
export type Task = Told<S['Task'], { kind: TaskKind }>
export type TaskReturn = S['TaskReturn']
export type MergedField = Told<S['MergedField'], { how: 'sum' | 'ratio' | 'distinct' | 'recompute' | 'text' }>
export type Merged = Told<S['Merged'], { fields: MergedField[] }>
export type TaskPage = Told<S['TaskPage'], { kind: TaskKind; merged: Merged }>
export type BehindMerged = Told<S['BehindMerged'], { how: MergedField['how'] }>
export type Outlook = S['Outlook']
export type Urged = S['Urged']
export type Contribution = S['Contribution']
export type NewTask = S['NewTask']

// ---- registers
export type Level = 1 | 2 | 3 | 4
export interface Paged<T> { rows: T[]; total: number; next: string | null }
export type PersonLine = S['PersonLine']
export type Value = Told<S['Value'], { level: Level }>
export type Member = S['Member']
export type ValueChange = Answer<'/api/people/{person}/history'>[number]
export type Conflict = S['Conflict']
export type Person = Told<S['Person'], { fields: Value[] }>
export type Outline = S['Outline']
export type Building = S['BuildingLine']
export type HouseLine = S['HouseLine']
export type House = Told<S['House'], { fields: Value[] }>
export type Revealed = S['Revealed']

// ---- ledgers
export type Ledger = S['LedgerLine']
export type LedgerRow = S['LedgerRow']
export type LedgerRows = S['LedgerPage']
export type LedgerForm = Told<S['Blank'], { definition: FormDef }>
export type NewEntry = Told<S['NewEntry'], { person?: string; house?: string }>
export type EntryCorrection = S['Correction']
export type EntryValue = Told<S['EntryValue'], { level: Level }>
export type Entry = Told<S['Entry'], { fields: EntryValue[] }>
export type StoredFile = S['Uploaded']
export type FileLink = S['FileLink']

// ---- catalogue, feeds, staff, audit
export type FormLine = Told<S['FormLine'], { kind: FormKind }>
/** `pushed` stands for all that a system pushed on a day. */
export type Run = Told<S['Run'], { state: 'running' | 'done' | 'failed' | 'pushed' }>
export type Feed = Told<S['FeedLine'], { last: Run | null }>
export type Quarantined = S['Quarantined']
export type StaffLine = S['StaffLine']
export type Stranger = S['Stranger']
export type DepartmentPlace = S['DepartmentPlace']
export type StaffImport = S['StaffImport']
export type StaffSync = S['StaffSync']
export type AuditRow = S['AuditLine']
export type AuditPage = S['AuditPage']

// ---- work orders
export type OrderStage = S['OrderLine']['stage']
export type OrderLine = S['OrderLine']
export type OrderPage = S['OrderPage']
export type OrderBoard = Answer<'/api/orders/board'>
export type OrderMap = S['OrderMap']
export type MapPoint = S['MapPoint']
export type Order = S['Order']
export type OrderDue = S['OrderDue']
export type OrderStep = S['OrderStep']
export type OrderClock = S['OrderClock']
export type Similar = S['Similar']
export type Guess = S['Guess']
export type Proposal = S['Proposal']
export type Finding = S['Finding']
export type Unit = S['Unit']
export type OpenedCaller = S['OpenedCaller']

// ---- experience officers, their findings, complaints
export type Officer = S['OfficerLine']
export type Invitation = S['Invitation']
export type NewInvitation = S['NewInvitation']
export type OfficerField = Invitation['field']
export type KnownCase = S['KnownCase']
export type NewFinding = S['NewFinding']
export type MyFinding = S['MyFinding']
export type FindingLine = S['FindingLine']
export type FindingView = S['FindingView']
export type FindingEntry = S['FindingEntry']
export type FindingPage = S['FindingPage']
export type Mission = S['Mission']
export type OpenMission = S['OpenMission']
export type NewMission = S['NewMission']
export type FindingList = S['FindingList']
export type Complaint = S['Complaint']
export type MyComplaint = S['MyComplaint']

// ---- boards and statistics
export type BoardToday = Answer<'/api/boards/today'>
export type StreetBoard = Answer<'/api/boards/street'>
export type Statistics = Answer<'/api/boards/orders'>
export type Spots = Answer<'/api/boards/spots'>
export type RepeatedCallers = Answer<'/api/boards/callers'>

// ---- sensors
export type SensorKinds = S['SensorKinds']
export type DeviceLine = S['DeviceLine']
export type DevicePage = S['DevicePage']
export type SignalKind = S['SignalKind']
export type Device = Answer<'/api/devices/{device}'>
export type AdjustLine = S['AdjustLine']
export type AlarmLine = S['AlarmLine']
export type Alarm = S['Alarm']
export type Warning = Answer<'/api/warnings'>['rows'][number]

// ---- duty and emergencies
export type OnDuty = S['OnDuty']
export type Shift = S['Shift']
export type ShiftPage = S['ShiftPage']
export type Call = S['CallPage']
export type Emergency = S['Emergency']
export type EmergencyLine = S['EmergencyLine']
export type EmergencyPlan = S['Overview']
