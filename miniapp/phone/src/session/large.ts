/** 大字版: how large the text is, remembered on this phone; every page's frame puts it on its root. */
import { ref } from 'vue'
import { H5 } from '@/platform/which'

export type Size = 'normal' | 'big' | 'huge'
export const SIZES: { key: Size; label: string }[] = [
  { key: 'normal', label: '标准' }, { key: 'big', label: '大字' }, { key: 'huge', label: '特大' },
]
const SIZE = 'size'

/** At the first start the phone's own setting decides: whoever enlarged WeChat wants this enlarged too. */
function first(): Size {
  const kept = uni.getStorageSync(SIZE) as Size | ''
  if (kept) return kept
  const scale = H5 ? 1 : (uni.getAppBaseInfo() as { fontSizeScaleFactor?: number }).fontSizeScaleFactor ?? 1
  return scale >= 1.2 ? 'big' : 'normal'
}

export const size = ref<Size>(first())

export function setSize(chosen: Size): void {
  size.value = chosen
  uni.setStorageSync(SIZE, chosen)
}
