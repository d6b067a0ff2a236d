/** The rule language on the phone and the desk: evaluates the syntax trees that the server parsed. No eval. */
import type { Ast } from './definition'
import { idNumber, isDay } from './numbers'

export type Context = Readonly<Record<string, unknown>>
export type Compiled = (context: Context) => unknown
type Truth = boolean | null

const NUDGE = 1e-9 // 1.005 is stored a hair below; half-up means what a person means by it
const MILLISECONDS = 86_400_000
const SAFE = Number.MAX_SAFE_INTEGER

/** A function from a context (name → value) to the rule's value; it never throws. */
export function compile(ast: Ast): Compiled {
  const build = KINDS[ast[0] as string]
  if (!build) throw new Error(`unknown rule ${String(ast[0])}`)
  return build(ast)
}

/** The value of a rule used once. */
export const evaluate = (ast: Ast, context: Context): unknown => compile(ast)(context)

const part = (ast: Ast, at: number): Compiled => compile(ast[at] as Ast)
const has = (map: object, name: string): boolean => Object.prototype.hasOwnProperty.call(map, name)
const known = (value: unknown): unknown => (value === undefined ? null : value)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const KINDS: Record<string, (ast: Ast) => Compiled> = {
  lit: ast => () => ast[1],
  var: ast => context => (has(context, ast[1] as string) ? known(context[ast[1] as string]) : null),
  list: ast => {
    const items = ast.slice(1).map(item => compile(item as Ast))
    return context => items.map(item => item(context))
  },
  get: ast => {
    const whole = part(ast, 1)
    const name = ast[2] as string
    const member = (value: unknown): unknown => (isMap(value) && has(value, name) ? known(value[name]) : null)
    return context => {
      const value = whole(context)
      return Array.isArray(value) ? value.map(member) : member(value)
    }
  },
  neg: ast => {
    const operand = part(ast, 1)
    return context => {
      const x = number(operand(context))
      return x === null ? null : finite(-x)
    }
  },
  not: ast => {
    const operand = part(ast, 1)
    return context => negated(operand(context))
  },
  if: ast => {
    const [condition, then, otherwise] = [part(ast, 1), part(ast, 2), part(ast, 3)]
    return context => (condition(context) === true ? then(context) : otherwise(context))
  },
  call: ast => {
    const name = ast[1] as string
    const call = has(CALLS, name) ? CALLS[name] : undefined
    if (!call) throw new Error(`unknown function ${name}`)
    const operands = ast.slice(2).map(operand => compile(operand as Ast))
    return context => call(...operands.map(operand => operand(context)))
  },
  bin: ast => {
    const sign = ast[1] as string
    const [left, right] = [part(ast, 2), part(ast, 3)]
    if (sign === '&&' || sign === '||') return logic(left, right, sign === '||')
    const operate = OPERATORS[sign]
    if (!operate) throw new Error(`unknown operator ${sign}`)
    return context => operate(left(context), right(context))
  },
}

/** Three-valued and/or: `decisive` settles it whatever the other side is. */
function logic(left: Compiled, right: Compiled, decisive: boolean): Compiled {
  return context => {
    const a = left(context)
    if (a === decisive) return decisive
    const b = right(context)
    if (b === decisive) return decisive
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : null
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Arithmetic never leaves an infinity, a NaN or a minus zero behind. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null)
const negated = (value: unknown): Truth => (typeof value === 'boolean' ? !value : null)

function equal(a: unknown, b: unknown): boolean {
  const [x, y] = [known(a), known(b)]
  if (x === y) return true
  if (Array.isArray(x) && Array.isArray(y)) return x.length === y.length && x.every((item, at) => equal(item, y[at]))
  if (!isMap(x) || !isMap(y)) return false
  const keys = Object.keys(x)
  return keys.length === Object.keys(y).length && keys.every(key => has(y, key) && equal(x[key], y[key]))
}

function less(a: unknown, b: unknown): Truth {
  const [x, y] = [number(a), number(b)]
  if (x !== null && y !== null) return x < y
  return typeof a === 'string' && typeof b === 'string' ? before(a, b) : null
}

/** Order by code point, as everywhere else; JavaScript's own is by UTF-16 unit. */
function before(a: string, b: string): boolean {
  const [x, y] = [[...a], [...b]]
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    const [p, q] = [x[at]!.codePointAt(0)!, y[at]!.codePointAt(0)!]
    if (p !== q) return p < q
  }
  return x.length < y.length
}

function arithmetic(operate: (x: number, y: number) => number | null): (a: unknown, b: unknown) => unknown {
  return (a, b) => {
    const [x, y] = [number(a), number(b)]
    const result = x === null || y === null ? null : operate(x, y)
    return result === null ? null : finite(result)
  }
}

const add = arithmetic((x, y) => x + y)
const OPERATORS: Record<string, (a: unknown, b: unknown) => unknown> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': less,
  '>': (a, b) => less(b, a),
  '<=': (a, b) => negated(less(b, a)),
  '>=': (a, b) => negated(less(a, b)),
  in: (a, b) => (Array.isArray(b) ? b.some(item => equal(a, item)) : null),
  '+': (a, b) => (typeof a === 'string' && typeof b === 'string' ? a + b : add(a, b)),
  '-': arithmetic((x, y) => x - y),
  '*': arithmetic((x, y) => x * y),
  '/': arithmetic((x, y) => (y === 0 ? null : x / y)),
  '%': arithmetic(remainder),
}

/** Only of whole numbers that a double holds exactly; the sign follows the left one. */
function remainder(x: number, y: number): number | null {
  const whole = Number.isInteger(x) && Number.isInteger(y) && Math.max(Math.abs(x), Math.abs(y)) <= SAFE
  return whole && y !== 0 ? x % y : null
}

/** The calendar day of an ISO date or date-time; null for anything that is no real day. */
export function day(value: unknown): string | null {
  const found = typeof value === 'string' ? /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][^]*)?$/.exec(value) : null
  return found && isDay(found[1]!) ? found[1]! : null
}

function time(date: string): number {
  const at = new Date(0)
  at.setUTCFullYear(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)))
  return at.getTime()
}

function addDays(start: unknown, count: unknown): string | null {
  const [from, days] = [day(start), number(count)]
  if (from === null || days === null || !Number.isInteger(days)) return null
  const moved = new Date(time(from) + days * MILLISECONDS)
  const year = moved.getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) return null
  return `${String(year).padStart(4, '0')}-${two(moved.getUTCMonth() + 1)}-${two(moved.getUTCDate())}`
}

const two = (value: number): string => String(value).padStart(2, '0')

function daysBetween(start: unknown, end: unknown): number | null {
  const [from, to] = [day(start), day(end)]
  return from === null || to === null ? null : Math.round((time(to) - time(from)) / MILLISECONDS)
}

function age(birth: unknown, at: unknown): number | null {
  const [born, when] = [day(birth), day(at)]
  if (born === null || when === null) return null
  const years = Number(when.slice(0, 4)) - Number(born.slice(0, 4))
  return when.slice(5) < born.slice(5) ? years - 1 : years
}

function within(value: unknown, first: unknown, last: unknown): Truth {
  const [at, from, to] = [day(value), day(first), day(last)]
  return at === null || from === null || to === null ? null : from <= at && at <= to
}

function digits(value: unknown, from: number, to: number): number | null {
  const date = day(value)
  return date === null ? null : Number(date.slice(from, to))
}

function round(value: unknown, places: unknown = 0): number | null {
  const [x, n] = [number(value), number(places)]
  if (x === null || n === null || !Number.isInteger(n) || n < 0 || n > 9) return null
  const factor = 10 ** n
  const scaled = Math.abs(x) * factor + 0.5 + NUDGE
  return Number.isFinite(scaled) ? finite((Math.floor(scaled) / factor) * (x >= 0 ? 1 : -1)) : null
}

function numbers(operands: unknown[]): number[] {
  const items = operands.length === 1 && Array.isArray(operands[0]) ? (operands[0] as unknown[]) : operands
  return items.filter((item): item is number => number(item) !== null)
}

function extreme(better: (a: number, b: number) => boolean): (...operands: unknown[]) => number | null {
  return (...operands) => numbers(operands).reduce<number | null>((best, x) => (best === null || better(x, best) ? x : best), null)
}

function contains(whole: unknown, item: unknown): Truth {
  if (Array.isArray(whole)) return whole.some(one => equal(one, item))
  return typeof whole === 'string' && typeof item === 'string' ? whole.includes(item) : null
}

function length(value: unknown): number | null {
  if (Array.isArray(value)) return value.length
  return typeof value === 'string' ? [...value].length : null
}

function fromId(value: unknown, take: 'birth' | 'sex'): string | null {
  const found = typeof value === 'string' ? idNumber(value) : null
  return found && 'number' in found ? found[take] : null
}

const CALLS: Record<string, (...operands: unknown[]) => unknown> = {
  abs: value => (number(value) === null ? null : Math.abs(value as number)),
  add_days: addDays,
  age,
  coalesce: (...operands) => known(operands.find(value => known(value) !== null)),
  contains,
  count: list => (Array.isArray(list) ? list.filter(item => known(item) !== null).length : null),
  day,
  days: daysBetween,
  empty: value => known(value) === null || value === '' || (Array.isArray(value) && value.length === 0),
  id_birth: value => fromId(value, 'birth'),
  id_sex: value => fromId(value, 'sex'),
  len: length,
  max: extreme((a, b) => a > b),
  min: extreme((a, b) => a < b),
  month: value => digits(value, 5, 7),
  round,
  starts: (text, prefix) => (typeof text === 'string' && typeof prefix === 'string' ? text.startsWith(prefix) : null),
  sum: list => (Array.isArray(list) ? finite(numbers([list]).reduce((total, x) => total + x, 0)) : null),
  within,
  year: value => digits(value, 0, 4),
}
