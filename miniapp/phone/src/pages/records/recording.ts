/** One record being written: what the system already knows, what is asked, and the draft this phone keeps meanwhile. */
import { computed, ref, shallowRef } from 'vue'
import type { Answers, Entry, House, Issue, LedgerForm, Person, Reasons } from '@jucun/shared/contract'
import type { FieldDef, FieldValue } from '@jucun/shared/definition'
import { check, unanswered } from '@jucun/shared/form'
import type { ApiProblem } from '@jucun/shared/problem'
import { evaluate } from '@jucun/shared/rules'
import { aboutWhat, dropBegun, keepBegun, keptBegun, type Subject } from '@/offline/drafts'
import { recall, remember } from '@/offline/seen'
import { send } from '@/offline/post'
import { api, me } from '@/session/session'
import { asProblem } from '@/ui/remote'
import { momentIso, today } from '@/words/dates'
import { isReference, shortAddress } from '@/words/places'
import { isBlank } from '@jucun/shared/taking'

interface Opened { form: LedgerForm; person: Person | null; house: House | null }
const PICTURES = ['photos', 'files']

/** What a record without a home is known by in lists: the shop, the place, the thing. */
const NAMES = ['ent_name', 'place', 'mat_name']

async function fetched({ ledger, person, house, like }: Subject): Promise<Opened> {
  const [form, someone, home] = await Promise.all([
    api.ledgers.form(ledger, { person, house, like }),
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
  /** Somebody wants others to deal with it. */
  const passOn = ref(false)
  let subject: Subject = { ledger: '' }

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
  const asked = computed<FieldDef[]>(() => fields.value.filter(field => visible.value.has(field.key) && (field === moment.value || isTeam(field) || (field.source !== 'system' && mayAnswer(field)))).map(field => (isTeam(field) ? { ...field, people: form.value?.colleagues } : field)))
  /** Asked by the server, or computed by a rule of the form that a person may overrule. */
  const mayAnswer = (field: FieldDef): boolean => form.value?.asked.includes(field.key) === true || fromLast(field) || (field.computed !== undefined && field.type !== 'ref' && !(field.key in (form.value?.known ?? {})))
  /** Known from the last check of the same shop, and perhaps not true any more. */
  const fromLast = (field: FieldDef): boolean => form.value?.known[field.key]?.source === form.value?.definition.code
  /** Who was there: the system puts down whoever writes, who may name colleagues. */
  const isTeam = (field: FieldDef): boolean => field.source === 'system' && field.type === 'refs' && field.ref === 'staff' && (form.value?.colleagues.length ?? 0) > 1
  const alone = computed(() => (me.value ? [{ id: me.value.id, label: me.value.name }] : []))
  const value = (field: string): FieldValue => (field in answers.value ? answers.value[field] : checked.value?.computed[field] ?? (asked.value.some(one => one.key === field && isTeam(one)) ? alone.value : null))
  const wanted = (field: FieldDef): boolean => (required.value.has(field.key) && !fromLast(field)) || shown.value.includes(field.key) || field.key in answers.value || (!isTeam(field) && !isBlank(value(field.key))) || issuesAt(field.key).length > 0
  const main = computed(() => asked.value.filter(wanted))
  const more = computed(() => asked.value.filter(field => !wanted(field)))
  const known = computed(() => fields.value.filter(field => visible.value.has(field.key) && field.source !== 'system' && (!asked.value.includes(field) || (fromLast(field) && !wanted(field))) && tellable(field)))
  function tellable(field: FieldDef): boolean {
    const value = form.value?.known[field.key]?.value
    return !isBlank(value) && !isReference(String(value))
  }
  const left = computed(() => new Set(unanswered(issues.value, reasons.value).map(issue => issue.field.split('.')[0])).size)
  const about = computed(() => form.value?.subject.person?.name ?? (shortAddress(form.value?.subject.house?.address ?? '') || named.value))
  const named = computed(() => NAMES.map(key => String(answers.value[key] ?? form.value?.known[key]?.value ?? '')).find(Boolean) ?? '')
  /** An order follows by itself, may follow by a tap, or neither. */
  const passing = computed<'when' | 'offer' | null>(() => {
    const order = form.value?.definition.order
    if (!order || subject.order) return null
    const values = { ...checked.value?.answers, today: today() }
    return evaluate(order.when, values) === true ? 'when' : evaluate(order.offer, values) === true ? 'offer' : null
  })

  async function load(which: Subject): Promise<void> {
    subject = which
    problem.value = null
    const name = `record:${aboutWhat({ ...which, order: undefined })}`
    try {
      opened.value = await fetched(which)
      await remember(name, opened.value)
    } catch (thrown) {
      const why = asProblem(thrown)
      opened.value = why.offline ? await recall<Opened>(name) : null
      if (!opened.value) { problem.value = why; return }
    }
    const begun = await keptBegun(which)
    if (!begun) return
    passOn.value = begun.passOn ?? false
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
    void keepBegun({ ...subject, title: form.value?.definition.title ?? '', about: about.value, passOn: passOn.value, answers: answers.value, reasons: reasons.value, at: Date.now() })
  }
  function pass(on: boolean): void {
    passOn.value = on
    note()
  }
  const add = (field: string): void => { shown.value = [...shown.value, field] }

  /** Into the outbox and, if there is a network, on to the ledger. Undefined when something is still missing. */
  async function hand(): Promise<Entry | null | undefined> {
    strict.value = true
    if (!form.value || left.value) return undefined
    const given = Object.entries(answers.value).filter(([field, value]) => visible.value.has(field) && !isBlank(value))
    const pictured = new Set(fields.value.filter(field => PICTURES.includes(field.type)).map(field => field.key))
    const { person, house, like, order, ledger } = subject
    const sent = await send({
      ledger, title: form.value.definition.title, about: about.value, moment: moment.value && { key: moment.value.key, timed: moment.value.type === 'datetime' },
      pictured: given.map(([field]) => field).filter(field => pictured.has(field)),
      body: {
        form_version: form.value.definition.version, person, house, like, done_for: order,
        order: passing.value === 'offer' && passOn.value,
        answers: Object.fromEntries(given), reasons: Object.fromEntries(Object.entries(reasons.value).filter(([, text]) => text.trim())),
        photos: given.filter(([field]) => pictured.has(field)).flatMap(([, value]) => value as string[]),
      },
    })
    await dropBegun(subject)
    return sent
  }
  return { opened, problem, form, answers, reasons, value, main, more, known, required, left, strict, about, passing, passOn, isTeam, fromLast, issuesAt, load, answer, reason, add, pass, hand }
}
