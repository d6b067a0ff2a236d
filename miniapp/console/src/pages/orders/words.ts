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
