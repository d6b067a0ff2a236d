/** The answers of one return and what the form's rules say about them, recomputed as one types. */
import { computed, ref, shallowRef, type Ref } from 'vue'
import type { Answers, Issue, Reasons, Return } from '@jucun/shared/contract'
import type { FieldDef, FieldValue } from '@jucun/shared/definition'
import { check, unanswered } from '@jucun/shared/form'
import { isBlank } from '@jucun/shared/taking'
import { today } from '@/words/dates'

/** What rules may read beside the fields; the server gives them the same. */
function surroundings(page: Return): Record<string, unknown> {
  const prev = Object.fromEntries(Object.entries(page.known).map(([field, known]) => [field, known.previous]))
  return { today: today(), period_start: page.period_start, period_end: page.period_end, cut_off: page.period_end, prev }
}

export function useAnswers(page: Ref<Return | null>) {
  const answers = ref<Answers>({})
  const reasons = ref<Reasons>({})
  /** What the server said at the last save, and the fields touched since. */
  const served = shallowRef<Issue[]>([])
  const touched = shallowRef<string[]>([])
  /** Somebody has tried to hand it in: from now on blanks are pointed out too. */
  const strict = ref(false)

  const fields = computed(() => new Map((page.value?.definition.fields ?? []).map(field => [field.key, field])))
  /** An answer, else the server's figure; until it is counted again, a value given back to the system is what it held. */
  function value(field: string): FieldValue {
    if (!isBlank(answers.value[field])) return answers.value[field]
    const held = page.value?.known[field]?.value ?? null
    return touched.value.includes(field) ? held : page.value?.figures[field] ?? held
  }
  /** What stands in its input: an emptied one stays empty while one types. */
  const typed = (field: string): FieldValue => (field in answers.value ? answers.value[field] : value(field))
  const checked = computed(() => {
    if (!page.value) return null
    const values = Object.fromEntries([...fields.value.keys()].map(field => [field, value(field)]).filter(([, one]) => !isBlank(one)))
    const held = Object.keys(values).filter(field => isBlank(answers.value[field]))
    return check(page.value.definition, values, surroundings(page.value), held)
  })
  const visible = computed(() => new Set(checked.value?.visible ?? []))
  const required = computed(() => new Set(checked.value?.required ?? []))
  const open = computed(() => new Set(page.value?.open ?? []))
  const ask = computed<FieldDef[]>(() => (page.value?.asked ?? []).filter(field => visible.value.has(field)).flatMap(field => fields.value.get(field) ?? []))

  /** The server knows more than the phone (last period, other forms); it is believed until its field is touched again. */
  const issues = computed<Issue[]>(() => {
    const own = checked.value?.issues ?? []
    const known = new Set(own.map(issue => issue.field + issue.message))
    return [...own, ...served.value.filter(issue => issue.code !== 'required' && !touched.value.includes(issue.field) && !known.has(issue.field + issue.message))]
  })
  const blocking = computed(() => unanswered(issues.value, reasons.value))
  const left = computed(() => new Set(blocking.value.map(issue => issue.field.split('.')[0])).size)
  const issuesAt = (field: string): Issue[] =>
    issues.value.filter(issue => (issue.field === field || issue.field.startsWith(`${field}.`)) && (strict.value || issue.code !== 'required'))

  function take(given: { answers: Answers; reasons: Reasons; issues?: Issue[] }): void {
    answers.value = { ...given.answers }
    reasons.value = { ...given.reasons }
    served.value = given.issues ?? served.value
    touched.value = []
  }
  function touch(field: string): void {
    if (!touched.value.includes(field)) touched.value = [...touched.value, field]
  }
  return { answers, reasons, served, touched, strict, fields, value, typed, visible, required, open, ask, issues, blocking, left, issuesAt, take, touch }
}
