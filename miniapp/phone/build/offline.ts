/**
 * After the bundle is written no outside address may remain in it: the libraries fetch icon fonts and shadows from
 * their makers' servers, and a government network would neither reach those nor want to.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const ICON_FONT = /@font-face\s*\{[^}]*at\.alicdn\.com[^}]*\}/g
const HEAD_SHADOW = /url\(["']?https:\/\/cdn\.dcloud\.net\.cn\/img\/shadow-[a-z]+\.png["']?\)/g
const OUTSIDE = /https?:\/\/(?!www\.w3\.org)/

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
}

export function offline(): Plugin {
  let folder = ''
  return {
    name: 'jucun-offline',
    apply: 'build',
    enforce: 'post',
    configResolved(config) { folder = resolve(config.root, config.build.outDir) },
    closeBundle() {
      const styled = filesUnder(process.env.UNI_OUTPUT_DIR || folder).filter(file => /\.(css|wxss|html|wxml)$/.test(file))
      for (const file of styled) {
        const before = readFileSync(file, 'utf8')
        const after = before.replace(ICON_FONT, '').replace(HEAD_SHADOW, 'none')
        if (after !== before) writeFileSync(file, after)
        if (OUTSIDE.test(after)) throw new Error(`${file} names an outside address: ${OUTSIDE.exec(after)?.input.match(/https?:[^"')\s]+/)?.[0]}`)
      }
    },
  }
}
