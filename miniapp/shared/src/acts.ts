/** What each act asks of whoever does it: the fields of its dialog. The server decides which acts are offered (`may`). */
import type { OrderAct } from './orders'

export interface Choice { value: string | number | boolean; label: string }
export interface ActField {
  key: string
  label: string
  kind: 'words' | 'line' | 'unit' | 'choice' | 'days' | 'colleague' | 'photos' | 'parts' | 'pieces'
  needed?: boolean
  choices?: Choice[]
  hint?: string
}
export interface ActSpec { label: string; button?: string; fields: ActField[]; tone?: 'primary' | 'danger'; done: string }

const pick = (...values: string[]): Choice[] => values.map(value => ({ value, label: value }))
const grant = (yes: string, no: string): ActField =>
  ({ key: 'grant', label: '决定', kind: 'choice', needed: true, choices: [{ value: true, label: yes }, { value: false, label: no }] })
const note: ActField = { key: 'note', label: '说明（内部）', kind: 'words' }
const unit: ActField = { key: 'unit', label: '承办单位', kind: 'unit', needed: true }

export const ACTS: Record<OrderAct, ActSpec> = {
  file: { label: '立案', tone: 'primary', fields: [note], done: '已立案' },
  dispatch: { label: '派遣', tone: 'primary', fields: [unit, note], done: '已派遣' },
  sign: { label: '签收', tone: 'primary', fields: [], done: '已签收' },
  contact: {
    label: '先行联系', tone: 'primary', done: '已记下联系情况', fields: [
      { key: 'way', label: '方式', kind: 'choice', needed: true, choices: pick('电话', '上门', '短信', '面谈', '其他') },
      { key: 'reached', label: '是否联系上', kind: 'choice', needed: true, choices: [{ value: true, label: '联系上了' }, { value: false, label: '没有联系上' }] },
      note,
    ],
  },
  finish: {
    label: '办结反馈', tone: 'primary', done: '已反馈，等待核查', fields: [
      { key: 'result', label: '办理结果', kind: 'choice', needed: true, choices: pick('已解决', '部分解决', '解释说明', '无法解决', '诉求过高') },
      { key: 'handle', label: '怎样办的', kind: 'choice', needed: true, choices: pick('自行处置', '协调处置') },
      { key: 'measure', label: '处置过程（内部）', kind: 'words', needed: true },
      { key: 'reply', label: '答复口径（对外）', kind: 'words', needed: true, hint: '诉求人看得到，请不要写他人的姓名和电话。' },
      { key: 'photos', label: '处置后照片', kind: 'photos' },
    ],
  },
  verify: {
    label: '核查', tone: 'primary', done: '已核查', fields: [
      { key: 'passed', label: '核查结果', kind: 'choice', needed: true, choices: [{ value: true, label: '通过' }, { value: false, label: '不通过，返工' }] },
      note, { key: 'photos', label: '核查照片', kind: 'photos' },
    ],
  },
  call_back: {
    label: '回访', tone: 'primary', done: '已记下回访', fields: [
      { key: 'satisfied', label: '是否满意', kind: 'choice', needed: true, choices: pick('满意', '基本满意', '不满意', '未接通') },
      { key: 'solved', label: '是否实际解决', kind: 'choice', choices: [{ value: true, label: '解决了' }, { value: false, label: '没有解决' }], hint: '未接通不用选。' },
      note,
    ],
  },
  close: { label: '结案', tone: 'primary', fields: [note], done: '已结案，台账已记' },
  note: { label: '记录进展', fields: [{ ...note, label: '进展（内部）', needed: true }, { key: 'photos', label: '照片', kind: 'photos' }], done: '已记录' },
  help: { label: '请求支援', fields: [{ ...note, label: '需要什么支援', needed: true }], done: '已请求支援' },
  assign: { label: '交给同事', fields: [{ key: 'to', label: '同事', kind: 'colleague', needed: true }, note], done: '已交给同事' },
  transfer: { label: '转派', fields: [unit, note], done: '已转派' },
  join: {
    label: '联合办理', done: '联办单位已加入', fields: [
      { key: 'way', label: '次序', kind: 'choice', needed: true, choices: [{ value: 'parallel', label: '同时办' }, { value: 'serial', label: '依次办' }] },
      { key: 'parts', label: '各单位办什么', kind: 'parts', needed: true },
    ],
  },
  finish_part: { label: '办好联办部分', tone: 'primary', fields: [{ key: 'did', label: '办了什么', kind: 'words', needed: true }, { key: 'photos', label: '照片', kind: 'photos' }], done: '已办好' },
  send_back: { label: '退单', tone: 'danger', fields: [{ key: 'reason', label: '退单原因', kind: 'words', needed: true }, { ...unit, label: '应当由谁办' }], done: '退单已提出' },
  decide_back: { label: '决定退单', tone: 'primary', fields: [grant('同意退单', '不同意，指定原单位承办'), { ...unit, label: '改派给', needed: false, hint: '不选则派给退单时提出的单位。' }, note], done: '已决定' },
  extend: { label: '申请延期', fields: [{ key: 'days', label: '共需工作日', kind: 'days', needed: true }, { key: 'reason', label: '原因', kind: 'words', needed: true }], done: '延期已申请' },
  decide_extend: { label: '决定延期', tone: 'primary', fields: [grant('同意延期', '不同意'), note], done: '已决定' },
  pause: {
    label: '申请停表', done: '停表已申请', fields: [
      { key: 'reason', label: '原因', kind: 'choice', needed: true, choices: [{ value: '等待当事人', label: '等待当事人' }, { value: '天气', label: '天气' }, { value: '上级', label: '等上级答复' }] },
      { ...note, needed: true },
    ],
  },
  decide_pause: { label: '决定停表', tone: 'primary', fields: [grant('同意停表', '不同意'), note], done: '已决定' },
  resume: { label: '恢复计时', fields: [note], done: '已恢复计时' },
  refuse: { label: '不予立案', tone: 'danger', fields: [{ key: 'reason', label: '原因（内部）', kind: 'words', needed: true }, { key: 'words', label: '告诉反映人的话', kind: 'words' }], done: '已不予立案' },
  reopen: {
    label: '重新办理', fields: [
      { key: 'again', label: '决定', kind: 'choice', needed: true, choices: [{ value: true, label: '重新办理' }, { value: false, label: '维持原结果' }] },
      { key: 'reason', label: '原因', kind: 'words', needed: true },
    ], done: '已决定',
  },
  split: { label: '拆分', fields: [{ key: 'parts', label: '拆出哪些事', kind: 'pieces', needed: true }], done: '已拆分' },
  classify: { label: '更正分类', fields: [], done: '已更正' },
  merge: { label: '并案', fields: [], done: '已并案' },
}
/** These have their own places on the page and no dialog. */
export const ELSEWHERE: OrderAct[] = ['classify', 'merge']
