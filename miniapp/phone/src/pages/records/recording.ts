/** One record being written: what the system already knows, what is asked, and the draft this phone keeps meanwhile. */
import { computed, ref, shallowRef } from 'vue'
import type { Answers, Entry, House, Issue, LedgerForm, Person, Reasons } from '@jucun/shared/contract'
import type { FieldDef, FieldValue } from '@jucun/shared/definition'
import { check, unanswered } from '@jucun/shared/form'
import type { ApiProblem } from '@jucun/shared/problem'
import { dropBegun, keepBegun, keptBegun } from '@/offline/drafts'
import { recall, remember } from '@/offline/seen'
import { send } from '@/offline/post'
import { api } from '@/session/session'
import { asProblem } from '@/ui/remote'
import { momentIso, today } from '@/words/dates'
import { isReference, shortAddress } from '@/words/places'
import { isBlank } from '@jucun/shared/taking'

interface Subject { ledger: string; person: string; house: string }
interface Opened { form: LedgerForm; person: Person | null; house: House | null }
const PICTURES = ['photos', 'files']

async function fetched({ ledger, person, house }: Subject): Promise<Opened> {
  const [form, someone, home] = await Promise.all([
    api.ledgers.form(ledger, { person: person || undefined, house: house || undefined }),
    person ? api.people.read(person) : null,
    house ? api.houses.read(house) : null,
  ])
  return { form, person: someone, house: home }
}

export function useRecording() {
  const opened = shallowRef<Opened | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const answers = ref<Answers>({})
  const reasons = ref<Reasons>({})
  const strict = ref(false)
  const shown = ref<string[]>([])
  let subject: Subject = { ledger: '', person: '', house: '' }

  const form = computed(() => opened.value?.form ?? null)
  const fields = computed(() => form.value?.definition.fields ?? [])
  /** When it happened: the system's to say, but a visit of yesterday may be written today. */
  const moment = computed(() => fields.value.find(field => field.source === 'system' && (field.type === 'datetime' || field.type === 'date')) ?? null)
  const checked = computed(() => {
    if (!form.value) return null
    const held: Answers = Object.fromEntries(Object.entries(form.value.known).map(([field, one]) => [field, one.value]))
    if (moment.value) held[moment.value.key] = moment.value.type === 'date' ? today() : momentIso(Date.now())
    const given = Object.fromEntries(Object.entries(answers.value).filter(([, value]) => !isBlank(value)))
    return check(form.value.definition, { ...held, ...given }, { today: today() }, Object.keys(held).filter(field => !(field in given)))
  })
  const visible = computed(() => new Set(checked.value?.visible ?? []))
  const required = computed(() => new Set(checked.value?.required ?? []))
  const issues = computed<Issue[]>(() => checked.value?.issues ?? [])
  const issuesAt = (field: string): Issue[] => issues.value.filter(issue => (issue.field === field || issue.field.startsWith(`${field}.`)) && (strict.value || issue.code !== 'required'))

  /** What a person may say here; the rest is known or written by the system. */
  const asked = computed<FieldDef[]>(() => fields.value.filter(field => visible.value.has(field.key) && (field === moment.value || (field.source !== 'system' && mayAnswer(field)))))
  /** Asked by the server, or computed by a rule of the form that a person may overrule. */
  const mayAnswer = (field: FieldDef): boolean => form.value?.asked.includes(field.key) === true || (field.computed !== undefined && !(field.key in (form.value?.known ?? {})))
  const value = (field: string): FieldValue => (field in answers.value ? answers.value[field] : checked.value?.computed[field] ?? null)
  const wanted = (field: FieldDef): boolean => required.value.has(field.key) || shown.value.includes(field.key) || !isBlank(value(field.key)) || issuesAt(field.key).length > 0
  const main = computed(() => asked.value.filter(wanted))
  const more = computed(() => asked.value.filter(field => !wanted(field)))
  const known = computed(() => fields.value.filter(field => visible.value.has(field.key) && field.source !== 'system' && !asked.value.includes(field) && tellable(field)))
  function tellable(field: FieldDef): boolean {
    const value = form.value?.known[field.key]?.value
    return !isBlank(value) && !isReference(String(value))
  }
  const left = computed(() => new Set(unanswered(issues.value, reasons.value).map(issue => issue.field.split('.')[0])).size)
  const about = computed(() => form.value?.subject.person?.name ?? shortAddress(form.value?.subject.house?.address ?? ''))

  async function load(which: Subject): Promise<void> {
    subject = which
    problem.value = null
    const name = `record:${which.ledger}:${which.person || which.house}`
    try {
      opened.value = await fetched(which)
      await remember(name, opened.value)
    } catch (thrown) {
      const why = asProblem(thrown)
      opened.value = why.offline ? await recall<Opened>(name) : null
      if (!opened.value) { problem.value = why; return }
    }
    const begun = await keptBegun(which.ledger, which.person || which.house)
    if (!begun) return
    answers.value = begun.answers
    reasons.value = begun.reasons
  }

  function answer(field: string, value: FieldValue): void {
    answers.value = { ...answers.value, [field]: value }
    note()
  }
  function reason(field: string, text: string): void {
    reasons.value = { ...reasons.value, [field]: text }
    note()
  }
  function note(): void {
    const { ledger, person, house } = subject
    void keepBegun({ ledger, title: form.value?.definition.title ?? '', about: about.value, person: person || undefined, house: house || undefined, answers: answers.value, reasons: reasons.value, at: Date.now() })
  }
  const add = (field: string): void => { shown.value = [...shown.value, field] }

  /** Into the outbox and, if there is a network, on to the ledger. Undefined when something is still missing. */
  async function hand(): Promise<Entry | null | undefined> {
    strict.value = true
    if (!form.value || left.value) return undefined
    const given = Object.entries(answers.value).filter(([field, value]) => visible.value.has(field) && !isBlank(value))
    const pictured = new Set(fields.value.filter(field => PICTURES.includes(field.type)).map(field => field.key))
    const { person, house, ledger } = subject
    const sent = await send({
      ledger, title: form.value.definition.title, about: about.value, moment: moment.value && { key: moment.value.key, timed: moment.value.type === 'datetime' },
      body: {
        form_version: form.value.definition.version, person: person || undefined, house: house || undefined,
        answers: Object.fromEntries(given.filter(([field]) => !pictured.has(field))), reasons: Object.fromEntries(Object.entries(reasons.value).filter(([, text]) => text.trim())),
        photos: given.filter(([field]) => pictured.has(field)).flatMap(([, value]) => value as string[]),
      },
    })
    await dropBegun(ledger, person || house)
    return sent
  }
  return { opened, problem, form, answers, reasons, value, main, more, known, required, left, strict, about, issuesAt, load, answer, reason, add, hand }
}
