/**
 * H5 only: a small service worker that keeps the pages themselves, so that they open in a stairwell without signal.
 * Answers of the API are never kept here; it is an extra, since the web view of some phones does not offer one.
 */
import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

const worker = (version: string, files: string[]): string => `
const CACHE = 'jucun-${version}', FILES = ${JSON.stringify(files)}
self.addEventListener('install', event => event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES)).then(() => self.skipWaiting())))
self.addEventListener('activate', event => event.waitUntil(caches.keys()
  .then(names => Promise.all(names.filter(name => name.startsWith('jucun-') && name !== CACHE).map(name => caches.delete(name))))
  .then(() => self.clients.claim())))
self.addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url), scope = new URL(self.registration.scope)
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return
  event.respondWith(request.mode === 'navigate'
    ? fetch(request).catch(() => caches.match('./'))
    : caches.match(request).then(kept => kept || fetch(request)))
})
`

export function shell(): Plugin {
  return {
    name: 'jucun-shell',
    apply: 'build',
    generateBundle(_options, bundle) {
      if (process.env.UNI_PLATFORM !== 'h5') return
      const files = ['./', ...Object.keys(bundle).filter(file => /\.(js|css)$/.test(file)).map(file => `./${file}`)]
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker(version, files) })
    },
  }
}
