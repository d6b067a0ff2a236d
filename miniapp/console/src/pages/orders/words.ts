/** The words of GB/T 30428 for stages, and where orders come from. */
export const STAGES = [
  { key: 'collected', label: '采集' }, { key: 'filed', label: '立案' }, { key: 'dispatched', label: '派遣' },
  { key: 'handling', label: '处理' }, { key: 'answered', label: '反馈' }, { key: 'verifying', label: '核查' },
]
export const SOURCES = [
  { key: '01', label: '12345 热线' }, { key: '02', label: '网格巡查' }, { key: '03', label: '智能发现' }, { key: '04', label: '居村自主上报' },
  { key: '05', label: '专项普查' }, { key: '06', label: '领导督办' }, { key: '07', label: '应急突发' }, { key: '08', label: '居社互动' },
  { key: '09', label: '治理体验官' }, { key: '99', label: '其他' },
]

const FACTS: Record<string, string> = {
  grant: '同意', passed: '通过', solved: '实际解决', satisfied: '满意度', again: '重新办理', unit: '单位', units: '单位', to: '交给', days: '共需工作日',
  way: '方式', reason: '原因', what: '提醒', reached: '联系上', into: '并入', merged: '并进来', parts: '拆成', times: '第几次退单', main: '主件', due: '期限', result: '办理结果',
}

/** What a step of an order's life says besides words: "通过：是 · 满意度：满意". */
export function factText(facts: Record<string, string>): string {
  return Object.entries(facts).flatMap(([key, value]) => FACTS[key] ? `${FACTS[key]}：${value}` : []).join(' · ')
}
