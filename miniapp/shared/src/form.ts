/**
 * Answers against a form: what is visible, required and computed, and what is wrong with them.
 * The twin of backend/engine/form/check.py; the examples of every definition run through both.
 */
import type { Answers, Issue } from './contract'
import type { Ast, FieldDef, FormDef, Rule } from './definition'
import { sentence } from './messages'
import { type Compiled, compile, day } from './rules'
import { isBlank, Refused, type Setting, take, trimmed } from './taking'

/**
 * `answers` are in stored form, without hidden fields, with computed values in place.
 * An issue at a table's cell is named `table.0.column`.
 */
export interface Checked { answers: Answers; visible: Set<string>; required: Set<string>; computed: Answers; issues: Issue[] }

const SETTLES_WITHIN = 12 // rounds of hiding and computing; the server refuses circular rules

/**
 * `context` gives `today`, the period and `prev`; `held` are keys whose value is as the server holds it (perhaps only
 * there, perhaps masked here): they count as answered and are not checked again.
 */
export function check(form: FormDef, answers: Answers, context: Answers = {}, held: string[] = []): Checked {
  let checker = CHECKERS.get(form)
  if (!checker) CHECKERS.set(form, (checker = new Checker(form)))
  return checker.check(answers, context, held)
}

/** What still stands in the way of sending: errors, and warnings without a reason. */
export const unanswered = (issues: Issue[], reasons: Record<string, string>): Issue[] =>
  issues.filter(issue => issue.kind === 'error' || !(reasons[issue.field] ?? '').trim())

type Rules = Map<string, Compiled>
const CHECKERS = new WeakMap<FormDef, Checker>()

class Checker {
  private readonly fields: Map<string, FieldDef>
  private readonly visibleWhen: Rules
  private readonly requiredWhen: Rules
  private readonly computedBy: Rules
  private readonly rules: { rule: Rule; holds: Compiled }[]

  constructor(form: FormDef) {
    this.fields = new Map(form.fields.map(field => [field.key, field]))
    this.visibleWhen = compiled(form.fields, 'visible_when')
    this.requiredWhen = compiled(form.fields, 'required_when')
    this.computedBy = compiled(inOrderOfNeed(form.fields), 'computed')
    this.rules = form.rules.map(rule => ({ rule, holds: compile(rule.check) }))
  }

  check(answers: Answers, context: Answers, held: string[]): Checked {
    const setting: Setting = { today: day(context.today), idType: typeof answers.id_type === 'string' ? answers.id_type : null }
    const { given, found } = this.takeAll(answers, setting, held)
    const { values, visible, computed } = this.settle(given, context)
    const scope = { ...context, ...values }
    const required = this.requiredNow(visible, scope)
    const issues = found.filter(issue => visible.has(top(issue.field)))
    for (const key of this.fields.keys()) {
      const missing = required.has(key) && isBlank(values[key]) && !held.includes(key)
      if (missing && !issues.some(issue => issue.field === key)) issues.push(this.told(key, 'required'))
    }
    issues.push(...this.tableIssues(values, visible, scope, setting, held))
    issues.push(...this.ruleIssues(values, visible, context, issues))
    issues.push(...Object.keys(answers).filter(key => !this.fields.has(key)).map(unknown))
    const kept: Answers = {}
    for (const key of this.fields.keys()) if (key in values && visible.has(key)) kept[key] = values[key]
    return { answers: kept, visible, required, computed, issues }
  }

  private takeAll(answers: Answers, setting: Setting, held: string[]): { given: Answers; found: Issue[] } {
    const given: Answers = {}
    const found: Issue[] = []
    for (const [key, field] of this.fields) {
      const value = trimmed(answers[key])
      if (isBlank(value)) continue
      if (held.includes(key)) {
        given[key] = value
        continue
      }
      const taken = take(field, value, setting)
      if (taken instanceof Refused) found.push(this.told(key, taken.code, taken.details))
      else given[key] = field.columns ? tidyRows(field.columns, taken as Answers[], setting) : taken
    }
    return { given, found }
  }

  /** Hide, forget what is hidden, compute; until nothing moves any more. */
  private settle(given: Answers, context: Answers): { values: Answers; visible: Set<string>; computed: Answers } {
    let visible = new Set(this.fields.keys())
    let [values, computed]: [Answers, Answers] = [given, {}]
    for (let round = 0; round < SETTLES_WITHIN; round++) {
      const kept = Object.fromEntries(Object.entries(given).filter(([key]) => visible.has(key)))
      computed = this.compute(visible, { ...context, ...kept })
      values = { ...kept, ...computed }
      const shown = this.shown({ ...context, ...values })
      if (shown.size === visible.size && [...shown].every(key => visible.has(key))) break
      visible = shown
    }
    return { values, visible, computed }
  }

  private shown(scope: Answers): Set<string> {
    return new Set([...this.fields.keys()].filter(key => (this.visibleWhen.get(key)?.(scope) ?? !this.visibleWhen.has(key)) === true))
  }

  /** Each rule after those it needs; null leaves the field to be answered by hand. */
  private compute(visible: Set<string>, scope: Answers): Answers {
    const computed: Answers = {}
    for (const [key, rule] of this.computedBy) {
      const value = visible.has(key) ? rule(scope) : null
      if (value !== null) computed[key] = scope[key] = value
    }
    return computed
  }

  private requiredNow(visible: Set<string>, scope: Answers): Set<string> {
    const wanted = (key: string, field: FieldDef): boolean =>
      visible.has(key) && isByHand(field) && (field.required || this.requiredWhen.get(key)?.(scope) === true)
    return new Set([...this.fields].filter(([key, field]) => wanted(key, field)).map(([key]) => key))
  }

  private tableIssues(values: Answers, visible: Set<string>, scope: Answers, setting: Setting, held: string[]): Issue[] {
    const tables = [...this.fields.values()].filter(field => field.columns && field.key in values && visible.has(field.key))
    return tables
      .filter(field => !held.includes(field.key))
      .flatMap(field => (values[field.key] as Answers[]).flatMap((row, at) => rowIssues(field, at, row, scope, setting)))
  }

  /** Rules about fields that are shown and have nothing wrong with them already. */
  private ruleIssues(values: Answers, visible: Set<string>, context: Answers, found: Issue[]): Issue[] {
    const wrong = new Set(found.filter(issue => issue.code !== 'required').map(issue => issue.field))
    const scope = { ...context, ...values }
    return this.rules.flatMap(({ rule, holds }) => {
      if (rule.each !== undefined) return brokenRows(rule, rule.each, holds, scope, wrong)
      const place = rule.fields.find(key => visible.has(key))
      if (place === undefined || rule.fields.some(key => wrong.has(key)) || holds(scope) !== false) return []
      return [broken(rule, place)]
    })
  }

  private told(key: string, code: string, details: Record<string, unknown> = {}): Issue {
    return issue(key, code, this.fields.get(key)?.label ?? key, details)
  }
}

function compiled(fields: FieldDef[], name: 'visible_when' | 'required_when' | 'computed'): Rules {
  return new Map(fields.flatMap(field => (field[name] ? [[field.key, compile(field[name] as Ast)] as const] : [])))
}

/** Computed fields, each after those its rule reads; a circle is cut. */
function inOrderOfNeed(fields: FieldDef[]): FieldDef[] {
  const rules = new Map(fields.filter(field => field.computed).map(field => [field.key, field]))
  const ordered = new Map<string, FieldDef>()
  const place = (key: string, above: string[]): void => {
    const field = rules.get(key)
    if (!field || ordered.has(key) || above.includes(key)) return
    for (const name of namesIn(field.computed as Ast).sort()) place(name, [...above, key])
    ordered.set(key, field)
  }
  for (const key of rules.keys()) place(key, [])
  return [...ordered.values()]
}

function namesIn(ast: Ast): string[] {
  if (ast[0] === 'var') return [ast[1] as string]
  return ast[0] === 'lit' ? [] : ast.slice(1).flatMap(part => (Array.isArray(part) ? namesIn(part) : []))
}

/** System values and those the server derives are never demanded from a person. */
const isByHand = (field: FieldDef): boolean =>
  field.source !== 'system' && (field.source !== 'computed' || field.computed !== undefined)

const top = (path: string): string => path.split('.', 1)[0] ?? path

/** The rows of a table with every good cell in stored form; bad ones stay, to be pointed at. */
function tidyRows(columns: FieldDef[], rows: Answers[], setting: Setting): Answers[] {
  return rows.map(row => Object.fromEntries(Object.entries(row).map(([key, cell]) => {
    const [column, value] = [columns.find(one => one.key === key), trimmed(cell)]
    const taken = column && !isBlank(value) ? take(column, value, setting) : value
    return [key, taken instanceof Refused ? value : taken]
  })))
}

function rowIssues(table: FieldDef, at: number, row: Answers, scope: Answers, setting: Setting): Issue[] {
  const issues: Issue[] = []
  const inside = { ...scope, ...row }
  for (const column of table.columns ?? []) {
    if (column.visible_when && compile(column.visible_when)(inside) !== true) continue
    const [place, label] = [`${table.key}.${at}.${column.key}`, `${table.label}第${at + 1}行${column.label}`]
    const value = trimmed(row[column.key])
    if (isBlank(value)) {
      const required = column.required || (column.required_when && compile(column.required_when)(inside) === true)
      if (required) issues.push(issue(place, 'required', label))
    } else {
      const taken = take(column, value, setting)
      if (taken instanceof Refused) issues.push(issue(place, taken.code, label, taken.details))
    }
  }
  const known = (table.columns ?? []).map(column => column.key)
  return [...issues, ...Object.keys(row).filter(key => !known.includes(key)).map(key => unknown(`${table.key}.${at}.${key}`))]
}

function brokenRows(rule: Rule, table: string, holds: Compiled, scope: Answers, wrong: Set<string>): Issue[] {
  return rowsOf(scope[table]).flatMap((row, at) => {
    const places = rule.fields.map(column => `${table}.${at}.${column}`)
    return places.some(place => wrong.has(place)) || holds({ ...scope, ...row }) !== false ? [] : [broken(rule, places[0]!)]
  })
}

/** The rows of a table, even one that was not checked because the server holds it. */
const rowsOf = (value: unknown): Answers[] =>
  (Array.isArray(value) ? value : []).filter(row => typeof row === 'object' && row !== null && !Array.isArray(row)) as Answers[]

const broken = (rule: Rule, field: string): Issue =>
  ({ field, code: `rule.${rule.id}`, message: rule.message, kind: rule.soft ? 'warning' : 'error' })

const issue = (field: string, code: string, label: string, details: Record<string, unknown> = {}): Issue =>
  ({ field, code, message: sentence(code, label, details), kind: 'error' })

const unknown = (key: string): Issue => issue(key, 'unknown', key)
