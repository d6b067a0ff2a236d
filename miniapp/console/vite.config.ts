/** Builds the street desk; the backend serves the result at /console/. */
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const backend = process.env.JUCUN_DEV_BACKEND ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: './',
  plugins: [vue(), Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] })],
  resolve: { dedupe: ['vue'] },
  server: { host: '127.0.0.1', port: 5102, proxy: { '/api': backend } },
  build: { target: 'es2020', chunkSizeWarningLimit: 700 },
})
