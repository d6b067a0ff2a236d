/** The measures of the phone that the page frame must leave room for. */
import { H5 } from './which'

export interface Bars { top: number; nav: number; aside: number }

/** Status bar, height of the navigation row, and the room the WeChat capsule takes at its right. */
export function bars(): Bars {
  if (H5) return { top: 0, nav: 52, aside: 0 }
  const { statusBarHeight = 0, windowWidth } = uni.getWindowInfo()
  const capsule = uni.getMenuButtonBoundingClientRect()
  if (!capsule?.height) return { top: statusBarHeight, nav: 48, aside: 0 }
  return { top: statusBarHeight, nav: (capsule.top - statusBarHeight) * 2 + capsule.height, aside: windowWidth - capsule.left }
}
