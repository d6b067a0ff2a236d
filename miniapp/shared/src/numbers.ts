/** Identity and telephone numbers as people type them: the twin of backend/engine/text/{normal,id_number,phone}.py. */

const HALF_WIDTH = /[\uff01-\uff5e]/g
const DASHES = /[‐‑‒–—―−－﹣]/g
// Soft hyphen, zero-width and direction marks, byte order mark; then control characters.
const UNSEEN = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
const EARLIEST = '1850-01-01'

/** Half-width, plain hyphens, no blanks or unseen characters at all. */
export function tidyCode(text: string): string {
  return text
    .replace(UNSEEN, '')
    .replace(CONTROL, '')
    .replace(HALF_WIDTH, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(DASHES, '-')
    .replace(/\s+/g, '')
}

/** Whether YYYY-MM-DD is a day of the calendar. */
export function isDay(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export interface IdNumber { number: string; birth: string; sex: '1' | '2' }
export interface IdFault { reason: 'letter' | 'length' | 'characters' | 'date' | 'check' }

/** GB 11643: the number of 18 characters (15 are converted) with birth and sex, or why it is none. */
export function idNumber(text: string, today?: string | null): IdNumber | IdFault {
  let number = tidyCode(text).toUpperCase()
  if (/[OIL]/.test(number)) return { reason: 'letter' }
  if (number.length !== 15 && number.length !== 18) return { reason: 'length' }
  if (/^[0-9]{15}$/.test(number)) {
    number = `${number.slice(0, 6)}19${number.slice(6)}`
    number += checkDigit(number)
  }
  if (!/^[0-9]{17}[0-9X]$/.test(number)) return { reason: 'characters' }
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isDay(birth) || birth < EARLIEST || (today && birth > today)) return { reason: 'date' }
  if (checkDigit(number) !== number[17]) return { reason: 'check' }
  return { number, birth, sex: Number(number[16]) % 2 ? '1' : '2' }
}

function checkDigit(number: string): string {
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0)
  return CHECKS[total % 11] ?? ''
}

export interface Phone { number: string; mobile: boolean }
export interface PhoneFault { reason: 'letter' | 'digits' | 'shape'; digits: number }

/** A telephone number without decoration, or why it is none; never repaired in silence. */
export function phoneNumber(text: string, mobileOnly = false): Phone | PhoneFault {
  const tidy = tidyCode(text).replace(/\.0+$/, '').replace(/^(?:\+86|0086)-?/, '')
  const bare = tidy.replace(/[-()]/g, '')
  if (/^1[3-9][0-9]{9}$/.test(bare)) return { number: bare, mobile: true }
  const digits = bare.replace(/[^0-9]/g, '').length
  if (/[OoIlU]/.test(bare) && digits >= 5) return { reason: 'letter', digits }
  if (mobileOnly) return { reason: digits === [...bare].length && digits !== 11 ? 'digits' : 'shape', digits }
  const landline = tidy.replace(/\((0[0-9]{2,3})\)/g, '$1-')
  if (/^(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?$/.test(landline)) return { number: landline, mobile: false }
  return { reason: 'shape', digits }
}
