/** Takes photos and makes them small on the phone: at most 1600 px, JPEG, redrawn so that no EXIF (place, device) leaves it. */
import { H5 } from './which'
import type { Kept } from './keep'

const EDGE = 1600
const QUALITY = 0.8

/** Lets the person take or choose up to `count` photos; empty when they think better of it. */
export function choose(count: number, from: 'camera' | 'album'): Promise<string[]> {
  return new Promise((resolve, reject) => {
    uni.chooseImage({
      count, sourceType: [from], sizeType: ['compressed'],
      success: ({ tempFilePaths }) => resolve(([] as string[]).concat(tempFilePaths)),
      fail: ({ errMsg }) => (/cancel/.test(errMsg) ? resolve([]) : reject(new Error(errMsg))),
    })
  })
}

function fitted(width: number, height: number): [number, number] {
  const scale = Math.min(1, EDGE / Math.max(width, height))
  return [Math.round(width * scale), Math.round(height * scale)]
}

async function inBrowser(path: string): Promise<Kept> {
  const image = new Image()
  await new Promise((resolve, reject) => { image.onload = resolve; image.onerror = reject; image.src = path })
  const canvas = document.createElement('canvas')
  const [width, height] = fitted(image.naturalWidth, image.naturalHeight)
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!blob) throw new Error('canvas gave no picture')
  return { path: URL.createObjectURL(blob), blob }
}

async function inMiniProgram(path: string): Promise<Kept> {
  const size = await new Promise<UniApp.GetImageInfoSuccessData>((success, fail) => uni.getImageInfo({ src: path, success, fail }))
  const [width, height] = fitted(size.width, size.height)
  const canvas = wx.createOffscreenCanvas({ type: '2d', width, height })
  const image = canvas.createImage()
  await new Promise((resolve, reject) => { image.onload = resolve; image.onerror = reject; image.src = path })
  canvas.getContext('2d').drawImage(image, 0, 0, width, height)
  const drawn = await new Promise<{ tempFilePath: string }>((success, fail) => wx.canvasToTempFilePath({ canvas, fileType: 'jpg', quality: QUALITY, success, fail }))
  return { path: drawn.tempFilePath }
}

export const shrunk = (path: string): Promise<Kept> => (H5 ? inBrowser(path) : inMiniProgram(path))
