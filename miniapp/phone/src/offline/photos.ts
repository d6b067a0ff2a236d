/**
 * Photos on their way. A photo is first kept on the phone under a local name; once the server has it, the name in the
 * answers becomes the server's. So a form can be filled, closed and sent later without losing a picture.
 */
import { reactive } from 'vue'
import { newKey } from '@jucun/shared/client'
import { ApiProblem } from '@jucun/shared/problem'
import type { Outgoing } from '@jucun/shared/transports'
import { dropPhoto, keepPhoto, keptPhoto, type Kept } from '@/platform/keep'
import { choose, shrunk } from '@/platform/photo'
import { followed } from '@/platform/transport'
import { api } from '@/session/session'

export interface Photo { path: string; percent: number; state: 'kept' | 'sending' | 'sent' | 'failed' }
const LOCAL = 'local:'

/** What is known about the photos of this session, by the name that stands in the answers. */
export const photos = reactive<Record<string, Photo>>({})
export const isLocal = (name: string): boolean => name.startsWith(LOCAL)

export async function take(count: number, from: 'camera' | 'album'): Promise<string[]> {
  const paths = await choose(count, from)
  return Promise.all(paths.slice(0, count).map(async path => {
    const id = newKey()
    const kept = await keepPhoto(id, await shrunk(path))
    photos[LOCAL + id] = { path: kept.path, percent: 0, state: 'kept' }
    return LOCAL + id
  }))
}

/** Makes a photo visible again after the app was closed. */
export async function wake(name: string): Promise<void> {
  if (photos[name] || !isLocal(name)) return
  const kept = await keptPhoto(name.slice(LOCAL.length))
  if (kept) photos[name] = { path: kept.path, percent: 0, state: 'kept' }
}

export async function forget(name: string): Promise<void> {
  delete photos[name]
  if (isLocal(name)) await dropPhoto(name.slice(LOCAL.length))
}

const outgoing = (id: string, kept: Kept): Outgoing => (kept.blob ? { blob: kept.blob, name: `${id}.jpg` } : { path: kept.path })

const underway = new Map<string, Promise<string | null>>()

/** The server's name for a photo: sent ahead and sent with its record it is still one upload. A server's name is answered as it is. */
export function sent(name: string): Promise<string | null> {
  if (!isLocal(name)) return Promise.resolve(name)
  const upload = underway.get(name) ?? send(name).finally(() => underway.delete(name))
  underway.set(name, upload)
  return upload
}

async function send(name: string): Promise<string | null> {
  await wake(name)
  const id = name.slice(LOCAL.length)
  const [kept, photo] = [await keptPhoto(id), photos[name]]
  if (!kept || !photo) return null
  photo.state = 'sending'
  try {
    const stored = await followed(id, percent => { photo.percent = percent }, () => api.files.add(outgoing(id, kept), id))
    photos[stored.id] = { ...photo, percent: 100, state: 'sent' }
    return stored.id
  } catch (problem) {
    // without a network it simply waits, like the record it belongs to
    photo.state = problem instanceof ApiProblem && problem.offline ? 'kept' : 'failed'
    throw problem
  }
}
