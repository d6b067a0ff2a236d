/** The words of the trace for people: what kind of thing a row is about, and what its facts are called. */
import { written } from '../../text'

const KINDS: Record<string, string> = {
  area_change: '区划调整', corp: '企业', entry: '台账记录', feed_run: '数据接入', ledger: '台账', material: '图文材料', person: '居民',
  return: '填报', session: '登录', staff: '人员', task: '任务',
}
const FACTS: Record<string, string> = {
  added: '新增', area: '区划', changed: '变更', corrects: '更正', device: '设备', feed: '来源', field: '项目', fields: '项目', form: '表单',
  bytes: '字节', format: '格式', missing: '缺字', trace: '文件编号', gone: '原', held_back: '暂缓', kind: '类型', ledger: '台账', left: '离开', made: '新', no: '编号', on: '日期', pages: '页数', period: '报告期',
  problem: '问题', reason: '事由', refused: '隔离', returns: '填报', rows: '行数', same: '未变', seen: '读取', sessions: '登录', sha256: '校验值',
  state: '状态', tasks: '任务', told: '已通知', version: '版本', way: '方式',
}
const VALUES: Record<string, string> = {
  desk: '电脑扫码', h5: '企业微信网页', mini: '小程序', running: '进行中', done: '完成', failed: '中断', reused: '凭据重复使用', left: '离岗',
  disabled: '停用', signed_out: '主动退出', revoked: '远程退出', split: '拆分', merge: '合并', rename: '更名', retire: '撤销', create: '新设',
}

/** "person:01a2…-7e8c" → 居民 01a2…7e8c, short enough for a column; the whole stands in the title. */
export function subject(ref: string): string {
  const [kind = '', id = ''] = ref.split(':')
  return `${KINDS[kind] ?? kind} ${id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}`
}

export function told(facts: Record<string, unknown>): { key: string; label: string; text: string }[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && !value.length))
    .map(([key, value]) => ({ key, label: FACTS[key] ?? key, text: VALUES[String(value)] ?? written(undefined, value) }))
}
