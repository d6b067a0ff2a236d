/** The built package itself: compiled by Tencent's compilers, small enough, old enough, and pointing nowhere outside. */
const test = require('node:test')
const assert = require('node:assert/strict')
const { readFileSync, readdirSync, statSync, existsSync } = require('node:fs')
const path = require('node:path')
const acorn = require('acorn')
const compiler = require('miniprogram-compiler')

const ROOT = path.resolve(process.env.JUCUN_MP_ROOT || path.join(__dirname, '../phone/dist/build/mp-weixin'))
const MAIN_PACKAGE = 2 * 1024 * 1024
const under = folder => readdirSync(folder).flatMap(name => {
  const file = path.join(folder, name)
  return statSync(file).isDirectory() ? under(file) : [file]
})
const files = under(ROOT)
const ending = (...ends) => files.filter(file => ends.some(end => file.endsWith(end)))
const read = file => readFileSync(file, 'utf8')
const short = file => path.relative(ROOT, file)

test('every WXML and WXSS file compiles', () => {
  assert.ok(compiler.wxmlToJs(ROOT).length > 10_000)
  assert.ok(compiler.wxssToJs(ROOT).length > 10_000)
})

test('the package stays within what WeChat takes', () => {
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0)
  assert.ok(size < MAIN_PACKAGE / 2, `${Math.round(size / 1024)} KB: half of the 2 MB is kept free for what is to come`)
})

test('every script parses as ES2018, for the phones that are there', () => {
  for (const file of ending('.js')) acorn.parse(read(file), { ecmaVersion: 2018, sourceType: 'script', allowReturnOutsideFunction: true })
})

test('nothing is fetched from anywhere but the own server', () => {
  const outside = /https?:\/\/(?!www\.w3\.org)[\w.-]+/g
  for (const file of ending('.wxml', '.wxss', '.json')) assert.deepEqual(read(file).match(outside), null, short(file))
  // Addresses of manuals inside error messages of the runtime; nothing calls them.
  const manuals = ['https://uniapp.dcloud.net.cn', 'https://vuejs.org']
  const named = new Set(ending('.js').flatMap(file => read(file).match(outside) ?? []))
  assert.deepEqual([...named].filter(one => !manuals.includes(one)), [])
})

test('every page of the list is there with its four files', () => {
  const { pages, tabBar } = JSON.parse(read(path.join(ROOT, 'app.json')))
  assert.equal(pages[0], 'pages/due/index')
  for (const page of pages) for (const end of ['.js', '.json', '.wxml']) assert.ok(existsSync(path.join(ROOT, page + end)), page + end)
  assert.equal(tabBar.custom, true)
  assert.ok(tabBar.list.every(tab => pages.includes(tab.pagePath)))
})

test('nothing is asked of people that the rules forbid: no place, no check-in, no points, no time online', () => {
  const forbidden = /getLocation|chooseLocation|startLocationUpdate|getFuzzyLocation|getWeRunData|签到|积分榜|在线时长排/
  for (const file of ending('.js', '.json')) {
    const hit = forbidden.exec(read(file).replace(/不打卡、不签到、不算积分、不排名|不统计在线时长，不要求定位/g, ''))
    assert.equal(hit?.[0], undefined, short(file))
  }
  assert.equal(JSON.parse(read(path.join(ROOT, 'app.json'))).permission, undefined)
})

test('only words stand inside <text>: WeChat drops anything else there', () => {
  for (const file of ending('.wxml')) {
    for (const [whole, inside] of read(file).matchAll(/<text\b[^>]*[^/]>((?:(?!<\/text>).)*)<\/text>/gs)) {
      assert.doesNotMatch(inside, /<(?!text\b|\/text|block\b|\/block)/, `${short(file)}: ${whole.slice(0, 80)}`)
    }
  }
})

test('a class used in a template is styled there or everywhere: styles of one component do not reach another', () => {
  const classes = text => new Set([...text.matchAll(/\.(-?[a-zA-Z_][\w-]*)/g)].map(match => match[1]))
  const everywhere = classes(read(path.join(ROOT, 'app.wxss')))
  const hooks = /^(f|add|data-v)-|^(r|size-(normal|big|huge)|dc-\w+|pg-tab|sb-bad|ic-\w+|tag|wd-.*)$/
  for (const template of ending('.wxml').filter(file => !file.includes('node-modules'))) {
    const style = template.replace(/wxml$/, 'wxss')
    const own = existsSync(style) ? classes(read(style)) : new Set()
    const used = [...read(template).matchAll(/class="([^"{]*)"/g)].flatMap(match => match[1].split(/\s+/)).filter(Boolean)
    const bare = used.filter(name => !own.has(name) && !everywhere.has(name) && !hooks.test(name))
    assert.deepEqual([...new Set(bare)], [], short(template))
  }
})
