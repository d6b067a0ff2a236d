/**
 * What the phone remembers: text under a key, and photos that wait for a network. A browser keeps both in IndexedDB,
 * the mini program in its storage and its own folder, since temporary paths die with the session.
 */
import { H5 } from './which'

export interface Kept { path: string; blob?: Blob }

type Shelf = 'notes' | 'photos'
let opened: Promise<IDBDatabase> | null = null

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('jucun', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('notes')
      request.result.createObjectStore('photos')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  return opened
}

async function on<T>(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const store = (await database()).transaction(shelf, mode).objectStore(shelf)
  return new Promise((resolve, reject) => {
    const request = act(store)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

const PREFIX = 'kept:'

export async function put(key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value)
  if (H5) await on('notes', 'readwrite', store => store.put(text, key))
  else uni.setStorageSync(PREFIX + key, text)
}

export async function get<T>(key: string): Promise<T | null> {
  const text = H5 ? await on<string | undefined>('notes', 'readonly', store => store.get(key)) : uni.getStorageSync(PREFIX + key)
  return text ? (JSON.parse(text) as T) : null
}

export async function drop(key: string): Promise<void> {
  if (H5) await on('notes', 'readwrite', store => store.delete(key))
  else uni.removeStorageSync(PREFIX + key)
}

export async function keys(prefix: string): Promise<string[]> {
  const all = H5
    ? (await on('notes', 'readonly', store => store.getAllKeys())).map(String)
    : uni.getStorageInfoSync().keys.filter(key => key.startsWith(PREFIX)).map(key => key.slice(PREFIX.length))
  return all.filter(key => key.startsWith(prefix))
}

const place = (id: string): string => `${wx.env.USER_DATA_PATH}/${id}.jpg`

/** Takes a photo into keeping; `path` shows it and, in the mini program, also uploads it. */
export async function keepPhoto(id: string, source: Kept): Promise<Kept> {
  if (H5) {
    await on('photos', 'readwrite', store => store.put(source.blob, id))
    return source
  }
  await new Promise<void>((resolve, reject) => {
    wx.getFileSystemManager().saveFile({ tempFilePath: source.path, filePath: place(id), success: resolve, fail: reject })
  })
  return { path: place(id) }
}

export async function keptPhoto(id: string): Promise<Kept | null> {
  if (!H5) return { path: place(id) }
  const blob = await on<Blob | undefined>('photos', 'readonly', store => store.get(id))
  return blob ? { path: URL.createObjectURL(blob), blob } : null
}

export async function dropPhoto(id: string): Promise<void> {
  if (H5) await on('photos', 'readwrite', store => store.delete(id))
  else await new Promise<void>(resolve => wx.getFileSystemManager().unlink({ filePath: place(id), complete: resolve }))
}

export async function dropPhotos(): Promise<void> {
  if (H5) return void (await on('photos', 'readwrite', store => store.clear()))
  const files = wx.getFileSystemManager()
  const names = await new Promise<string[]>(resolve => {
    files.readdir({ dirPath: wx.env.USER_DATA_PATH, success: found => resolve(found.files), fail: () => resolve([]) })
  })
  await Promise.all(names.filter(name => name.endsWith('.jpg')).map(name => dropPhoto(name.slice(0, -4))))
}
