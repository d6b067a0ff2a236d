/** Builds both targets, the H5 pages and the mini program, from the one source. */
import { resolve } from 'node:path'
import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { offline } from './build/offline'
import { roles } from './build/roles'
import { shell } from './build/shell'

const uni = ((uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin) as typeof uniPlugin

export default defineConfig({
  build: { target: 'es2018' },
  // A mini program has no origin of its own: the address of the server is settled when it is built.
  define: { __API_ORIGIN__: JSON.stringify(process.env.UNI_PLATFORM === 'h5' ? '' : process.env.JUCUN_PUBLIC_URL ?? '') },
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
  plugins: [roles(), uni(), offline(), shell()],
  resolve: {
    alias: [
      // The library's icon font is 90 KB of base64; its few icons are drawn by ours.
      { find: /^\.\.\/wd-icon\/wd-icon\.vue$/, replacement: resolve(__dirname, 'src/ui/WotIcon.vue') },
      { find: /^@jucun\/shared\/(.*)$/, replacement: resolve(__dirname, '../shared/src/$1.ts') },
    ],
  },
  server: { host: '127.0.0.1', port: 5101, proxy: { '/api': 'http://127.0.0.1:8080' } },
})
