/** One answer against one field: brought into its stored form, or refused. The twin of backend/engine/form/answers.py. */
import type { FieldDef } from './definition'
import { idNumber, isDay, phoneNumber, tidyCode } from './numbers'

/** Why an answer cannot be taken: the code of a message and what its sentence needs. */
export class Refused {
  constructor(
    readonly code: string,
    readonly details: Record<string, unknown> = {},
  ) {}
}

/** What a check may need beside the answer: today, and the kind of identity document. */
export interface Setting { today: string | null; idType: string | null }
type Taker = (spec: FieldDef, value: unknown, setting: Setting) => unknown

const LONGEST: Record<string, number> = { text: 500, address: 200, code: 20, ref: 100 }
const MOST: Record<string, number> = { photos: 9, files: 9, refs: 20, table: 100 }
const YEARS = { min: 1850, max: 2200 }
const DIGITS: Record<string, number> = { 'GB/T 2260': 6, '12位统计用区划代码': 12 }
const ID_CARD_TYPES = ['111', '112', '553']

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const MOMENT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/
const PASSPORT = /^[A-Z0-9]{5,20}$/
const FOREIGN = /^[A-Z][A-Z0-9]{4,16}$/

/** Nothing was answered: null, empty text or an empty list. `false` and 0 are answers. */
export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || ((typeof value === 'string' || Array.isArray(value)) && value.length === 0)

/** Text without the blanks around it. */
export const trimmed = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^[ \t\r\n\u00a0\u3000]+|[ \t\r\n\u00a0\u3000]+$/g, '') : value

/** The answer as it is stored, or why it is refused. Tables are checked row by row elsewhere. */
export const take: Taker = (spec, value, setting) => (TAKERS[spec.type] as Taker)(spec, value, setting)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const hasExactly = (value: unknown, ...keys: string[]): value is Record<string, unknown> =>
  isObject(value) && Object.keys(value).length === keys.length && keys.every(key => key in value)

const text: Taker = (spec, value) => {
  if (typeof value !== 'string') return new Refused('text.type')
  const [max, count] = [Math.trunc(spec.max || LONGEST[spec.type]!), [...value].length]
  return count > max ? new Refused('text.long', { max, count }) : value
}

const decimal: Taker = (spec, value) => {
  if (!isNumber(value)) return new Refused('number.type')
  if (spec.min !== undefined && value < spec.min) return new Refused('number.min', { min: spec.min })
  if (spec.max !== undefined && value > spec.max) return new Refused('number.max', { max: spec.max })
  return value
}

const integer: Taker = (spec, value, setting) =>
  isNumber(value) && !Number.isInteger(value) ? new Refused('number.whole') : decimal(spec, value, setting)

const money: Taker = (spec, value, setting) =>
  Number.isInteger(value) ? integer(spec, value, setting) : new Refused('money.type')

const year: Taker = (spec, value, setting) => integer({ ...spec, ...YEARS }, value, setting)

const date: Taker = (_, value) =>
  typeof value === 'string' && DATE.test(value) && isDay(value) ? value : new Refused('date.type')

const moment: Taker = (_, value) => {
  const found = typeof value === 'string' ? MOMENT.exec(value) : null
  return found && isDay(found[1]!) ? value : new Refused('datetime.type')
}

const code: Taker = (spec, value, setting) => {
  if (typeof value !== 'string') return new Refused('code.type')
  if (spec.codes) {
    const listed = spec.codes.some(one => one.code === value)
    return listed ? value : new Refused('code.unknown', { value: [...value].slice(0, 20).join('') })
  }
  const digits = DIGITS[spec.standard ?? '']
  if (digits === undefined) return text(spec, value, setting)
  return new RegExp(`^[0-9]{${digits}}$`).test(value) ? value : new Refused('code.shape', { digits })
}

const codes: Taker = (spec, value, setting) => {
  if (!Array.isArray(value)) return new Refused('codes.type')
  const seen: unknown[] = []
  for (const one of value as unknown[]) {
    const taken = code(spec, one, setting)
    if (taken instanceof Refused) return taken.code === 'code.type' ? new Refused('codes.type') : taken
    const label = spec.codes?.find(entry => entry.code === one)?.label ?? one
    if (seen.includes(one)) return new Refused('codes.twice', { value: label })
    seen.push(one)
  }
  return value
}

const truth: Taker = (_, value) => (typeof value === 'boolean' ? value : new Refused('bool.type'))

const phone: Taker = (_, value) => {
  if (typeof value !== 'string') return new Refused('phone.shape')
  const found = phoneNumber(value, true)
  return 'number' in found ? found.number : new Refused(`phone.${found.reason}`, { count: found.digits })
}

const tel: Taker = (_, value) => {
  if (typeof value !== 'string') return new Refused('tel.shape')
  const found = phoneNumber(value)
  if ('number' in found) return found.number
  return new Refused(found.reason === 'letter' ? 'tel.letter' : 'tel.shape')
}

const idNo: Taker = (_, value, { today, idType }) => {
  if (typeof value !== 'string') return new Refused('id_no.characters')
  const number = tidyCode(value).toUpperCase()
  if (idType === null && FOREIGN.test(number)) return number
  if (idType !== null && !ID_CARD_TYPES.includes(idType)) return PASSPORT.test(number) ? number : new Refused('id_no.other')
  const found = idNumber(number, today)
  return 'number' in found ? found.number : new Refused(`id_no.${found.reason}`, { count: [...number].length })
}

const coord: Taker = (_, value) => {
  const point = hasExactly(value, 'lng', 'lat') && isNumber(value.lng) && isNumber(value.lat)
  return point && Math.abs(value.lng as number) <= 180 && Math.abs(value.lat as number) <= 90 ? value : new Refused('coord.type')
}

/** A span of days, {from, to}, the last not before the first. */
const range: Taker = (spec, value, setting) => {
  if (!hasExactly(value, 'from', 'to')) return new Refused('range.type')
  const bad = [value.from, value.to].some(end => date(spec, end, setting) instanceof Refused)
  return bad || (value.from as string) > (value.to as string) ? new Refused('range.type') : value
}

/** Photos and files: ids of what was uploaded. */
const names: Taker = (spec, value) => {
  const fits = Array.isArray(value) && value.every(one => typeof one === 'string' && one)
  if (!fits) return new Refused(`${spec.type}.type`)
  const max = Math.trunc(spec.max || MOST[spec.type]!)
  return value.length <= max ? value : new Refused(`${spec.type}.many`, { max })
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && [...value].length <= LONGEST.ref!

/** The id (or, where nobody keeps one, the name) of a row, or {id, label}. */
const ref: Taker = (_, value) => {
  if (!hasExactly(value, 'id', 'label')) return isName(value) ? value : new Refused('ref.type')
  return isName(value.label) && (value.id === null || isName(value.id)) ? value : new Refused('ref.type')
}

const refs: Taker = (spec, value, setting) => {
  if (!Array.isArray(value) || value.some(one => ref(spec, one, setting) instanceof Refused)) return new Refused('refs.type')
  const max = Math.trunc(spec.max || MOST.refs!)
  return value.length <= max ? value : new Refused('refs.many', { max })
}

const table: Taker = (spec, value) => {
  if (!Array.isArray(value) || !value.every(isObject)) return new Refused('table.type')
  const max = Math.trunc(spec.max || MOST.table!)
  return value.length <= max ? value : new Refused('table.many', { max })
}

const TAKERS: Record<FieldDef['type'], Taker> = {
  text, address: text, integer, decimal, money, year, date, datetime: moment, code, codes, bool: truth,
  phone, tel, id_no: idNo, coord, range, photos: names, files: names, table, ref, refs,
}
