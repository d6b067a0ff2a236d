/** The form engine in TypeScript agrees with Python: on the examples of every definition, and on mangled answers. */
import { describe, expect, it } from 'vitest'
import type { Answers } from '../src/contract'
import type { FormDef } from '../src/definition'
import { check, unanswered } from '../src/form'
import { MESSAGES } from '../src/messages'
import { python } from './parity'

interface Want { answers: Answers; visible: string[]; required: string[]; computed: Answers; issues: string[][] }
interface Case { form: string; answers: Answers; context: Answers; held: string[]; want: Want; reasons: Record<string, string>; left: string[][] }
const told = python<{ forms: Record<string, FormDef>; messages: Record<string, string>; cases: Case[] }>('forms')

function checked({ form, answers, context, held, reasons }: Case): { got: Want; left: string[][] } {
  const found = check(told.forms[form]!, answers, context, held)
  const got = {
    answers: found.answers,
    visible: [...found.visible].sort(),
    required: [...found.required].sort(),
    computed: found.computed,
    issues: found.issues.map(issue => [issue.field, issue.code, issue.message, issue.kind]),
  }
  return { got, left: unanswered(found.issues, reasons).map(issue => [issue.field, issue.code]) }
}

describe('forms', () => {
  it('says the same sentences as the server', () => {
    expect(MESSAGES).toEqual(told.messages)
  })

  it.each(Object.keys(told.forms))('%s is checked as the server checks it', code => {
    const cases = told.cases.filter(one => one.form === code)
    expect(cases.length).toBeGreaterThan(50)
    for (const one of cases) {
      const { got, left } = checked(one)
      expect({ ...got, left, of: one.answers, held: one.held }).toEqual({ ...one.want, left: one.left, of: one.answers, held: one.held })
    }
  })
})
