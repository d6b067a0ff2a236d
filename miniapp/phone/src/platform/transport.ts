/** How requests leave the phone: `fetch` in a browser, `uni` in the mini program; uploads tell how far they are. */
import { offlineProblem } from '@jucun/shared/problem'
import { fetchTransport, uniTransport, type Outgoing, type Reply, type Transport, type Wire } from '@jucun/shared/transports'
import { H5 } from './which'

type Progress = (percent: number) => void
const listeners = new Map<string, Progress>()

/** Follow the upload that carries this idempotency key. */
export async function followed<T>(key: string, listen: Progress, work: () => Promise<T>): Promise<T> {
  listeners.set(key, listen)
  try {
    return await work()
  } finally {
    listeners.delete(key)
  }
}

function parsed(text: string): unknown {
  try { return JSON.parse(text) } catch { return null }
}

function send({ url, headers }: Wire, file: Outgoing): Promise<Reply> {
  // On H5 a lone `file` is refused by uni 5.14 for want of a path; a list of one is taken.
  const source = 'path' in file ? { filePath: file.path } : { files: [{ name: 'file', uri: file.name, file: new File([file.blob], file.name, { type: file.blob.type }) }] }
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url, ...source, name: 'file', header: headers, timeout: 120_000,
      success: answer => resolve({ status: answer.statusCode, data: parsed(answer.data) }),
      fail: () => reject(offlineProblem()),
    })
    task.onProgressUpdate(({ progress }) => listeners.get(headers['Idempotency-Key'] ?? '')?.(progress))
  })
}

const plain: Transport = H5 ? fetchTransport : uniTransport(uni)
export const transport: Transport = wire => (wire.file ? send(wire, wire.file) : plain(wire))
