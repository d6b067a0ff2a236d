/** Experience officers (治理体验官) by name: `officers`, `findings`, `missions` and `lists` for the street, `officer` for themselves. */
import type { components } from './api.gen'
import type { Client } from './client'
import type * as c from './contract'
import { at } from './paths'
import type { Incoming } from './transports'

type S = components['schemas']
export type Document = 'pdf' | 'xlsx'

/** What the street does with a finding. */
export interface FindingActs {
  register: S['FindingRegistered']; decide: S['FindingDecided']; answer: S['FindingAnswered']; publish: S['FindingPublished']
  note: S['FindingNoted']; reopen: S['FindingReopened']
}
export type FindingAct = keyof FindingActs

export function officers(client: Client) {
  return {
    list: () => client.get<c.Officer[]>(at('/api/officers')),
    invitations: () => client.get<c.Invitation[]>(at('/api/officers/invitations')),
    invite: (body: c.NewInvitation) => client.post<c.Invitation>(at('/api/officers/invitations'), body),
    withdraw: (invitation: string) => client.post<c.Invitation>(at('/api/officers/invitations/{invitation}/withdraw', { invitation })),
    qr: (invitation: string): Promise<Incoming> => client.download(at('/api/officers/invitations/{invitation}/qr', { invitation })),
    change: (officer: string, body: S['ChangedTerm']) => client.put<c.Officer>(at('/api/officers/{officer}', { officer }), body),
    dismiss: (officer: string, reason: string) => client.post<c.Officer>(at('/api/officers/{officer}/dismiss', { officer }), { reason }),
    back: (officer: string) => client.post<c.Invitation>(at('/api/officers/{officer}/back', { officer })),
    reveal: (officer: string) => client.post<S['OfficerPhone']>(at('/api/officers/{officer}/reveal', { officer })),
  }
}

export function findings(client: Client) {
  return {
    page: (query: { view?: 'todo' | 'all'; state?: string; q?: string; late?: boolean; cursor?: string }) =>
      client.get<c.FindingPage>(at('/api/findings'), query),
    read: (finding: string) => client.get<c.FindingView>(at('/api/findings/{finding}', { finding })),
    act: <A extends FindingAct>(finding: string, act: A, body: FindingActs[A]) =>
      client.post<c.FindingView>(at<`/api/findings/{finding}/${FindingAct}`>(`/api/findings/{finding}/${act}`, { finding }), body),
  }
}

export function missions(client: Client) {
  return {
    list: () => client.get<c.Mission[]>(at('/api/missions')),
    add: (body: c.NewMission) => client.post<c.Mission>(at('/api/missions'), body),
    change: (mission: string, body: S['ChangedMission']) => client.put<c.Mission>(at('/api/missions/{mission}', { mission }), body),
    publish: (mission: string, rev: number) => client.post<c.Mission>(at('/api/missions/{mission}/publish', { mission }), { rev }),
    end: (mission: string, rev: number) => client.post<c.Mission>(at('/api/missions/{mission}/end', { mission }), { rev }),
  }
}

/** The quarter's published lists; `period` is "2026Q4". */
export function lists(client: Client) {
  return {
    all: () => client.get<S['ListLine'][]>(at('/api/finding-lists')),
    read: (period: string) => client.get<c.FindingList>(at('/api/finding-lists/{period}', { period })),
    publish: (period: string, words: string) => client.post<c.FindingList>(at('/api/finding-lists/{period}/publish', { period }), { words }),
    withdraw: (period: string) => client.post<c.FindingList>(at('/api/finding-lists/{period}/withdraw', { period })),
    download: (period: string, as: Document): Promise<Incoming> => client.download(at(`/api/finding-lists/{period}/${as}`, { period })),
    open: (listed: string) => client.get<S['OpenList']>(at('/api/open/finding-lists/{listed}', { listed }), undefined, { public: true }),
  }
}

export function complaints(client: Client) {
  return {
    page: (query: { state?: string; cursor?: string }) => client.get<S['ComplaintPage']>(at('/api/complaints'), query),
    mine: () => client.get<c.MyComplaint[]>(at('/api/complaints/mine')),
    send: (body: S['NewComplaint'], key?: string) => client.post<c.MyComplaint>(at('/api/complaints'), body, { key }),
    judge: (complaint: string, body: S['ComplaintJudged']) => client.post<c.MyComplaint>(at('/api/complaints/{complaint}/judge', { complaint }), body),
    register: (complaint: string, rev: number) => client.post<c.Complaint>(at('/api/complaints/{complaint}/register', { complaint }), { rev }),
    answer: (complaint: string, body: S['ComplaintAnswered']) => client.post<c.Complaint>(at('/api/complaints/{complaint}/answer', { complaint }), body),
  }
}

/** What an officer does on their own phone. */
export function officer(client: Client) {
  return {
    card: (invite: string) => client.get<S['InvitationCard']>(at('/api/sign-in/officer'), { invite }, { public: true }),
    accept: async (body: S['Acceptance']) => {
      const tokens = await client.post<c.Tokens>(at('/api/sign-in/officer'), body, { public: true })
      client.accept(tokens)
      return tokens.me
    },
    mini: async (code: string) => {
      const tokens = await client.post<c.Tokens>(at('/api/sign-in/officer/mini'), { code }, { public: true })
      client.accept(tokens)
      return tokens.me
    },
    /** What the mini program may ask to be allowed to tell: ids of 订阅消息. */
    subscriptions: () => client.get<S['Subscription'][]>(at('/api/officer/subscriptions')),
    scenes: () => client.get<S['SceneName'][]>(at('/api/officer/scenes')),
    nearby: (query: { lng?: number; lat?: number; place?: string }) => client.get<c.KnownCase[]>(at('/api/officer/nearby'), query),
    follow: (known: string) => client.post<S['CaseFollowed']>(at('/api/officer/nearby/{case}/follow', { case: known })),
    findings: () => client.get<c.FindingLine[]>(at('/api/officer/findings')),
    finding: (finding: string) => client.get<c.MyFinding>(at('/api/officer/findings/{finding}', { finding })),
    send: (body: c.NewFinding, key?: string) => client.post<c.MyFinding>(at('/api/officer/findings'), body, { key }),
    judge: (finding: string, body: S['ComplaintJudged'], key?: string) =>
      client.post<c.MyFinding>(at('/api/officer/findings/{finding}/judge', { finding }), body, { key }),
    missions: () => client.get<c.OpenMission[]>(at('/api/officer/missions')),
    take: (mission: string) => client.post<c.OpenMission>(at('/api/officer/missions/{mission}/take', { mission })),
    lists: () => client.get<S['ListLine'][]>(at('/api/officer/lists')),
  }
}
