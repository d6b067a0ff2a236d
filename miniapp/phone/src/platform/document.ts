/** Shows a PDF or a workbook: the browser saves or opens it, the mini program hands it to WeChat's reader. */
import type { Incoming } from '@jucun/shared/transports'
import { H5 } from './which'

export async function show(file: Incoming): Promise<void> {
  if (H5) return save(file)
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({ filePath: file.path ?? '', showMenu: true, success: () => resolve(), fail: reject })
  })
}

function save({ blob, name }: Incoming): void {
  if (!blob) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
