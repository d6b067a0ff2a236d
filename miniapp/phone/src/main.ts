/** Starts the app on both targets; in a browser it also registers the worker that keeps the pages for offline use. */
import { createSSRApp } from 'vue'
import App from './App.vue'
import { H5 } from './platform/which'

export function createApp() {
  return { app: createSSRApp(App) }
}

/** An address typed or tapped while the app is open (a link in a message) opens anew; uni would keep showing the old page. */
if (H5) window.addEventListener('popstate', event => { if (event.state === null) window.location.reload() }, true)

if (H5 && import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('./sw.js').catch(() => undefined)
}
