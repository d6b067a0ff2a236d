/**
 * A stage for the built mini program: browser globals from jsdom, the WeChat API as far as the app asks for it, and the
 * components compiled by Tencent's own compilers. Native parts (wheels, canvas) are inert; their events are sent by hand.
 */
const path = require('node:path')
const { JSDOM } = require('jsdom')
const { town } = require('./town.cjs')

const ROOT = path.resolve(process.env.JUCUN_MP_ROOT || path.join(__dirname, '../phone/dist/build/mp-weixin'))
const dom = new JSDOM('<!doctype html><html><body></body></html>', { pretendToBeVisual: true, url: 'http://localhost/' })
for (const name of ['window', 'document', 'Event', 'CustomEvent', 'HTMLElement', 'Node', 'navigator', 'requestAnimationFrame', 'getComputedStyle']) {
  Object.defineProperty(global, name, { value: name === 'window' ? dom.window : dom.window[name], configurable: true, writable: true })
}
const simulate = require('miniprogram-simulate')
const exparser = require('miniprogram-exparser')

const store = new Map()
const calls = []
const files = new Set()
const state = { town: town(), offline: false, pages: [], network: [], picked: ['wxfile://tmp_1.jpg'], photo: { width: 4000, height: 3000 } }
const later = act => setTimeout(act, 1)
const done = (options, answer = {}) => later(() => { options.success?.(answer); options.complete?.(answer) })
const fail = (options, errMsg) => later(() => { options.fail?.({ errMsg }); options.complete?.({ errMsg }) })
const noted = name => (options = {}) => { calls.push([name, options.url ?? options.title ?? options]); done(options) }

function answered(method, options, body) {
  if (state.offline) return fail(options, 'request:fail')
  const reply = state.town.answer(method, options.url, body, options.header)
  done(options, { statusCode: reply.status, data: reply.data === null ? '' : JSON.parse(JSON.stringify(reply.data)), header: {} })
}

const WX = {
  env: { USER_DATA_PATH: 'wxfile://usr' },
  getStorageSync: key => store.get(key) ?? '', setStorageSync: (key, value) => { store.set(key, value) }, removeStorageSync: key => { store.delete(key) },
  getStorageInfoSync: () => ({ keys: [...store.keys()], currentSize: 1, limitSize: 10240 }),
  getSystemInfoSync: () => ({ windowWidth: 390, windowHeight: 844, pixelRatio: 2, platform: 'devtools', SDKVersion: '3.5.0', system: 'iOS 17', model: 'iPhone', brand: 'apple', version: '8.0.50', language: 'zh_CN', statusBarHeight: 47, safeArea: { bottom: 810 }, screenHeight: 844 }),
  getWindowInfo: () => ({ windowWidth: 390, windowHeight: 844, pixelRatio: 2, statusBarHeight: 47, safeArea: { bottom: 810 }, screenHeight: 844 }),
  getAppBaseInfo: () => ({ SDKVersion: '3.5.0', language: 'zh_CN', host: {}, fontSizeScaleFactor: 1 }), getDeviceInfo: () => ({ platform: 'devtools', system: 'iOS 17', model: 'iPhone', brand: 'apple' }),
  getMenuButtonBoundingClientRect: () => ({ top: 51, left: 296, width: 87, height: 32, right: 383, bottom: 83 }),
  getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }), getEnterOptionsSync: () => ({}), canIUse: () => true, getLocale: () => 'zh-Hans',
  getNetworkType: options => done(options, { networkType: state.offline ? 'none' : 'wifi' }), onNetworkStatusChange: listen => state.network.push(listen),
  request: options => { answered(options.method ?? 'GET', options, typeof options.data === 'string' ? JSON.parse(options.data) : options.data); return { abort() {} } },
  uploadFile: options => { answered('POST', { ...options, success: answer => options.success({ ...answer, data: JSON.stringify(answer.data) }) }, options.filePath); return { onProgressUpdate: listen => later(() => listen({ progress: 60 })) } },
  downloadFile: options => { calls.push(['downloadFile', options.url]); done(options, { statusCode: 200, tempFilePath: 'wxfile://tmp_doc.pdf', header: { 'Content-Disposition': "attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6.pdf" } }) },
  openDocument: noted('openDocument'), showToast: noted('showToast'), navigateTo: noted('navigateTo'), redirectTo: noted('redirectTo'), switchTab: noted('switchTab'), reLaunch: noted('reLaunch'), navigateBack: noted('navigateBack'),
  makePhoneCall: noted('makePhoneCall'), pageScrollTo: noted('pageScrollTo'), previewImage: noted('previewImage'), stopPullDownRefresh() {},
  chooseImage: options => { calls.push(['chooseImage', options.sourceType]); done(options, { tempFilePaths: state.picked, tempFiles: state.picked.map(one => ({ path: one, size: 5e6 })) }) },
  getImageInfo: options => done(options, { ...state.photo, path: options.src }),
  createOffscreenCanvas: ({ width, height }) => {
    calls.push(['canvas', width, height])
    return { createImage: () => Object.defineProperty({}, 'src', { set() { later(() => this.onload()) } }), getContext: () => ({ drawImage() {} }) }
  },
  canvasToTempFilePath: options => { calls.push(['drawn', options.fileType, options.quality]); done(options, { tempFilePath: 'wxfile://drawn.jpg' }) },
  getFileSystemManager: () => ({
    saveFile: options => { files.add(options.filePath); done(options) }, unlink: options => { files.delete(options.filePath); done(options) },
    readdir: options => done(options, { files: [...files].map(file => file.split('/').pop()) }),
  }),
  login: options => done(options, { code: `wx-code-${calls.push(['login'])}` }),
}
// What a page may listen to but nothing here ever sends.
global.wx = new Proxy(Object.assign(global.wx ?? {}, WX), { get: (target, key) => (key in target ? target[key] : typeof key === 'string' && /^(on|off)[A-Z]/.test(key) ? () => {} : undefined) })
let app
global.App = options => { app = options }
global.Page = () => { throw new Error('uni makes every page a component') }
global.getApp = () => app
global.getCurrentPages = () => state.pages
global.getRegExp = (source, flags) => new RegExp(source, flags)

const rest = (ms = 60) => new Promise(resolve => setTimeout(resolve, ms))
/** Waits until `find` gives something, so that tests state what they wait for and not how long. */
async function until(find, what, ms = 4000) {
  for (const end = Date.now() + ms; Date.now() < end; await rest(20)) {
    const found = find()
    if (found) return found
  }
  throw new Error(`did not see ${what}`)
}

function start() {
  require(path.join(ROOT, 'app.js'))
  app.onLaunch({ path: '', query: {} })
  app.onShow?.({ path: '', query: {} })
}

/** Opens a page as WeChat would: loaded, shown, ready. */
function open(page, query = {}) {
  const component = simulate.render(simulate.load(path.join(ROOT, page), { compiler: 'official', rootPath: ROOT }), {})
  component.attach(document.body.appendChild(document.createElement('div')))
  state.pages = [{ route: page, $page: { fullPath: `/${page}` } }]
  component.instance.onLoad?.(query)
  component.instance.onShow?.()
  component.instance.onReady?.()
  return component
}
function close(component) {
  component.instance.onUnload?.()
  component.detach()
  document.body.replaceChildren()
}

/** Class names carry their component's prefix (`main--card`, `DueCard--dc-t`): match the part after it. */
const hasClass = (element, name) => [...element.classList].some(one => one === name || one.endsWith(`--${name}`))
const all = (within, name) => [...within.querySelectorAll('*')].filter(element => hasClass(element, name))
const one = (within, name) => all(within, name)[0]
const text = within => within.textContent.replace(/\s+/g, ' ')
const saying = (within, name, words) => all(within, name).find(element => text(element).includes(words))

async function fire(element, name, detail = {}) {
  exparser.Event.dispatchEvent(element.__wxElement, exparser.Event.create(name, detail, { bubbles: true, capturePhase: true, composed: true }))
  await rest()
}
const tap = element => fire(element, 'tap')
const type = (element, value) => fire(element, 'input', { value })
const attribute = (element, name) => element.__wxElement._vt.attrs.find(attr => attr.name === name)?.value

module.exports = { ROOT, store, calls, files, state, start, open, close, all, one, text, saying, tap, type, fire, attribute, rest, until, freshTown: () => (state.town = town()) }
