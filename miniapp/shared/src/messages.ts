/** What a person is told about an answer, one sentence per code: the twin of backend/engine/form/messages.py. */
export const MESSAGES: Record<string, string> = {
  required: '请填写“{label}”。',
  unknown: '这张表没有“{label}”这一项。',
  'text.type': '“{label}”应为文字。',
  'text.long': '“{label}”最多 {max} 个字，现在有 {count} 个。',
  'number.type': '“{label}”应为数字。',
  'number.whole': '“{label}”应为整数。',
  'number.min': '“{label}”不能小于 {min}。',
  'number.max': '“{label}”不能大于 {max}。',
  'money.type': '“{label}”应为金额，精确到分。',
  'date.type': '“{label}”应为日期，如 2026-11-23。',
  'datetime.type': '“{label}”应为日期和时间，如 2026-11-23 09:30。',
  'code.type': '“{label}”应从选项中选择。',
  'code.unknown': '“{label}”没有“{value}”这个选项。',
  'code.shape': '“{label}”的代码格式不对，应为 {digits} 位数字。',
  'codes.type': '“{label}”应从选项中选择一项或几项。',
  'codes.twice': '“{label}”里“{value}”选了两次。',
  'bool.type': '“{label}”应选是或否。',
  'phone.letter': '“{label}”里有字母，是不是把 0 打成了 O、把 1 打成了 l？',
  'phone.digits': '“{label}”应为 11 位手机号，现在有 {count} 位。',
  'phone.shape': '“{label}”不是有效的手机号。',
  'tel.letter': '“{label}”里有字母，是不是把 0 打成了 O、把 1 打成了 l？',
  'tel.shape': '“{label}”不是有效的电话号码，如 13800138000 或 021-62345678。',
  'id_no.letter': '“{label}”里有字母，是不是把 0 打成了 O、把 1 打成了 l？',
  'id_no.length': '“{label}”应为 18 位，现在有 {count} 位。',
  'id_no.characters': '“{label}”只能是数字，最后一位可以是 X。',
  'id_no.date': '“{label}”里的出生日期不存在。',
  'id_no.check': '“{label}”校验不通过，请对照证件核对每一位。',
  'id_no.other': '“{label}”应为 5 到 20 位字母或数字。',
  'coord.type': '“{label}”不是有效的坐标。',
  'range.type': '“{label}”应为起止日期，止不早于起。',
  'photos.type': '“{label}”应为照片。',
  'photos.many': '“{label}”最多 {max} 张。',
  'files.type': '“{label}”应为附件。',
  'files.many': '“{label}”最多 {max} 个。',
  'table.type': '“{label}”应为表格。',
  'table.many': '“{label}”最多 {max} 行。',
  'ref.type': '请选择“{label}”。',
  'refs.type': '请选择“{label}”。',
  'refs.many': '“{label}”最多选 {max} 个。',
}

/** The sentence of a code, naming the field and what else it needs. */
export function sentence(code: string, label: string, details: Record<string, unknown> = {}): string {
  const words: Record<string, unknown> = { label, ...details }
  return (MESSAGES[code] ?? code).replace(/\{(\w+)\}/g, (_, name: string) => String(words[name]))
}
