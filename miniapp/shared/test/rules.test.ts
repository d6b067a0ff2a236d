/** The rule language in TypeScript agrees with Python: on every example, and on thousands of random rules. */
import { describe, expect, it } from 'vitest'
import type { Ast } from '../src/definition'
import { compile, evaluate } from '../src/rules'
import { python } from './parity'

interface Case { rule: string; ast: Ast; given: Record<string, unknown>; is: unknown }
const told = python<{ examples: Case[]; fuzz: Case[] }>('rules')

/** Numbers may differ by a rounding in the last place; all else must be the same. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  return JSON.stringify(a) === JSON.stringify(b)
}

describe('rules', () => {
  it.each(told.examples)('$rule', ({ ast, given, is }) => {
    const value = evaluate(ast, given)
    expect(same(value, is), JSON.stringify(value)).toBe(true)
  })

  it('agrees with Python on random rules', () => {
    const wrong = told.fuzz.filter(({ ast, given, is }) => !same(evaluate(ast, given), is))
    expect(wrong.slice(0, 3).map(({ ast, given, is }) => ({ ast: JSON.stringify(ast), given, is, got: evaluate(ast, given) }))).toEqual([])
    expect(told.fuzz.filter(({ is }) => is !== null).length).toBeGreaterThan(told.fuzz.length / 4)
  })

  it('refuses a tree it does not know', () => {
    for (const ast of [['eval', 'x'], ['call', 'constructor'], ['call', 'toString', ['lit', 1]], ['bin', '=', ['lit', 1], ['lit', 1]]]) {
      expect(() => compile(ast)).toThrow()
    }
  })
})
