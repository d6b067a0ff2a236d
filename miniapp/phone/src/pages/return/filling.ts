/**
 * A return being filled in, and saving as one goes. The phone keeps what is typed at once; the server gets it a moment
 * later, or when the network is back. Nothing typed is ever thrown away unasked.
 */
import { computed, ref, shallowRef } from 'vue'
import { newKey } from '@jucun/shared/client'
import type { Answers, Filled, Reasons, Return } from '@jucun/shared/contract'
import type { FieldValue } from '@jucun/shared/definition'
import type { ApiProblem } from '@jucun/shared/problem'
import { isBlank } from '@jucun/shared/taking'
import { dropDraft, keepDraft, keptDraft, type Draft } from '@/offline/drafts'
import { isLocal } from '@/offline/photos'
import { recall, remember } from '@/offline/seen'
import { api } from '@/session/session'
import { asProblem } from '@/ui/remote'
import { useAnswers } from './answers'

export interface Copy { rev: number; answers: Answers; reasons: Reasons }
export interface Difference { field: string; label: string; what: 'added' | 'removed' | 'changed' }
/** `kept`: only on this phone, for there is no network. */
export type Saving = 'idle' | 'typing' | 'saving' | 'saved' | 'kept' | 'refused'
const REST = 900

/** Without blanks, and without photos that only this phone has: those cannot be named to the server yet. */
function sendable(answers: Answers): Answers {
  const stored = (value: FieldValue): FieldValue => (Array.isArray(value) ? value.filter(one => typeof one !== 'string' || !isLocal(one)) : value)
  return Object.fromEntries(Object.entries(answers).map(([field, value]) => [field, stored(value)]).filter(([, value]) => !isBlank(value)))
}

const given = (reasons: Reasons): Reasons => Object.fromEntries(Object.entries(reasons).filter(([, text]) => text.trim()))

export function useFilling() {
  const page = shallowRef<Return | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const saving = ref<Saving>('idle')
  /** Another copy of the same draft, saved elsewhere meanwhile: the person chooses. */
  const rival = shallowRef<Copy | null>(null)
  /** What a new version of the form has changed. */
  const changed = shallowRef<Difference[]>([])
  const sheet = useAnswers(page)
  const editable = computed(() => page.value?.can.includes('save') ?? false)
  let id = ''
  let key = newKey()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  function show(fresh: Return): void {
    page.value = fresh
    sheet.take(fresh)
  }
  async function load(which: string): Promise<void> {
    id = which
    problem.value = null
    const draft = await keptDraft(id)
    try {
      const fresh = await api.returns.read(id)
      await remember(`return:${id}`, fresh)
      show(fresh)
      if (draft) await restore(draft, fresh)
    } catch (thrown) {
      const why = asProblem(thrown)
      const seen = why.offline ? await recall<Return>(`return:${id}`) : null
      if (!seen) { problem.value = why; return }
      show(seen)
      if (draft) adopt(draft)
    }
  }
  async function restore(draft: Draft, fresh: Return): Promise<void> {
    if (!fresh.can.includes('save')) return dropDraft(id)
    if (draft.rev !== fresh.rev) rival.value = fresh
    adopt(draft)
    key = draft.key
    if (!rival.value) await save()
  }
  function adopt(draft: Draft): void {
    sheet.take(draft)
    saving.value = 'kept'
  }

  const filled = (of: Return): Filled => ({ rev: of.rev, form_version: of.form.version, answers: sendable(sheet.answers.value), reasons: given(sheet.reasons.value) })
  function note(field: string): void {
    if (!page.value) return
    sheet.touch(field)
    key = newKey()
    saving.value = 'typing'
    void keepDraft(id, { ...filled(page.value), answers: sheet.answers.value, key, at: Date.now() })
    clearTimeout(timer)
    timer = setTimeout(() => void save(), REST)
  }
  function answer(field: string, value: FieldValue): void {
    sheet.answers.value = { ...sheet.answers.value, [field]: value }
    note(field)
  }
  /** Back to the value the system holds. */
  function revert(field: string): void {
    const { [field]: _, ...rest } = sheet.answers.value
    sheet.answers.value = rest
    note(field)
  }
  function reason(field: string, text: string): void {
    sheet.reasons.value = { ...sheet.reasons.value, [field]: text }
    note(field)
  }

  function save(): Promise<void> {
    clearTimeout(timer)
    running ??= attempt().finally(() => { running = null })
    return running
  }
  async function attempt(): Promise<void> {
    if (!page.value || !editable.value || rival.value) return
    const using = key
    saving.value = 'saving'
    try {
      const reply = await api.returns.save(id, filled(page.value), using)
      page.value = { ...page.value, rev: reply.rev, figures: reply.figures }
      if (key !== using) { setTimeout(() => void save()); return }
      sheet.served.value = reply.issues
      sheet.touched.value = []
      saving.value = 'saved'
      await dropDraft(id)
    } catch (thrown) {
      await fail(asProblem(thrown))
    }
  }

  /** Puts a refusal where it belongs: at the fields, or in the question about two copies or a new form. */
  async function fail(why: ApiProblem): Promise<void> {
    saving.value = why.offline ? 'kept' : 'refused'
    if (why.offline) return
    key = newKey()
    if (why.code === 'draft.conflict') rival.value = why.extra.draft as Copy
    else if (why.code === 'form.changed') await renew(why)
    else {
      sheet.served.value = why.fields.map(field => ({ ...field, kind: 'error' as const }))
      sheet.touched.value = []
    }
  }
  /** The form has a new version: what was typed goes on in it, and the differences are shown. */
  async function renew(why: ApiProblem): Promise<void> {
    const typed = sheet.answers.value
    show(await api.returns.read(id))
    const fitting = Object.entries(typed).filter(([field]) => sheet.fields.value.has(field))
    sheet.answers.value = { ...sheet.answers.value, ...Object.fromEntries(fitting) }
    changed.value = (why.extra.changes as Difference[] | undefined) ?? []
    setTimeout(() => void save())
  }
  async function keepMine(): Promise<void> {
    if (rival.value && page.value) page.value = { ...page.value, rev: rival.value.rev }
    rival.value = null
    key = newKey()
    await save()
  }
  async function takeTheirs(): Promise<void> {
    rival.value = null
    saving.value = 'idle'
    await dropDraft(id)
    await load(id)
  }

  /** Hands it in. Null when it went; else why not, with the reasons standing at their fields. */
  async function submit(): Promise<string | null> {
    sheet.strict.value = true
    if (!page.value || sheet.blocking.value.length) return `还有${sheet.left.value}项要处理，请看标出的地方。`
    await running
    clearTimeout(timer)
    try {
      const { state, state_label, version, rev, digest } = await api.returns.submit(id, filled(page.value), `s-${key}`)
      page.value = { ...page.value, state, state_label, version, rev, digest, can: [], open: [] }
      saving.value = 'idle'
      sheet.strict.value = false
      await dropDraft(id)
      return null
    } catch (thrown) {
      const why = asProblem(thrown)
      await fail(why)
      if (why.fields.length) await save()
      return why.offline ? '没有网络，已存在手机上。有网络后请再点提交。' : why.title
    }
  }
  return { ...sheet, page, problem, saving, rival, changed, editable, show, load, answer, revert, reason, save, submit, keepMine, takeTheirs }
}
export type Filling = ReturnType<typeof useFilling>
