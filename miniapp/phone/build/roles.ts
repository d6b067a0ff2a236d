/**
 * H5 only: uni draws `<button>` as an element of its own, which no screen reader takes for a button unless it is told.
 * In the mini program WeChat's own buttons need no word.
 */
import type { Plugin } from 'vite'

const BUTTON = /<button(?=[\s>])(?![^>]*\brole=)/g

export function roles(): Plugin {
  return {
    name: 'jucun-roles',
    enforce: 'pre',
    transform(code, id) {
      if (process.env.UNI_PLATFORM !== 'h5' || !id.endsWith('.vue')) return
      return { code: code.replace(BUTTON, '<button role="button"'), map: null }
    },
  }
}
