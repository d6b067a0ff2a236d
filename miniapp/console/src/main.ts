/** Starts the street desk: styles, routes, the app. */
import 'element-plus/theme-chalk/base.css'
import './style/tokens.css'
import './style/layout.css'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

createApp(App).use(router).mount('#app')
