/** A field's value as a person reads it. Money travels as integer 分, codes as code strings. */
import type { FieldDef, FieldValue } from '@jucun/shared/definition'
import { isBlank } from '@jucun/shared/taking'
import { dayText, fullDay, timeText } from './dates'

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

export function numberText(value: number): string {
  const [whole = '', fraction] = String(value).split('.')
  return grouped(whole) + (fraction ? `.${fraction}` : '')
}

export const moneyText = (fen: number): string => `${fen < 0 ? '-' : ''}${grouped(String(Math.floor(Math.abs(fen) / 100)))}.${String(Math.abs(fen) % 100).padStart(2, '0')}`

const label = (field: FieldDef, code: FieldValue): string => field.codes?.find(one => one.code === String(code))?.label ?? String(code)

/** Without the unit, which stands beside it smaller. */
export function valueText(field: FieldDef, value: FieldValue): string {
  if (isBlank(value)) return '—'
  switch (field.type) {
    case 'money': return moneyText(Number(value))
    case 'integer': case 'decimal': return typeof value === 'number' ? numberText(value) : String(value)
    case 'bool': return value ? '是' : '否'
    case 'date': return fullDay(String(value))
    case 'datetime': return timeText(String(value))
    case 'code': return label(field, value)
    case 'codes': return (value as string[]).map(code => label(field, code)).join('、')
    case 'photos': case 'files': return `${(value as unknown[]).length}张`
    case 'table': return `${(value as unknown[]).length}条`
    case 'range': return `${(value as unknown[]).length}个点`
    case 'ref': return named(value)
    case 'refs': return (value as unknown[]).map(named).join('、')
    default: return Array.isArray(value) ? value.join('、') : String(value)
  }
}

/** A reference is a name, or an id with the label to show. */
const named = (value: FieldValue): string => (typeof value === 'object' && value !== null ? String((value as { label: string }).label) : String(value))

export const unitText = (field: FieldDef): string => field.unit ?? (field.type === 'money' ? '元' : '')

/** 由1,204行计算 · 截至11月20日, whatever of it is known. */
export function asOf(date: string | null): string {
  return date ? `截至${dayText(date)}` : ''
}
