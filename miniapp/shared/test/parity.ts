/** Asks the Python engine what it makes of rules and forms; JUCUN_SEED picks other random ones. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export function python<T>(kind: 'rules' | 'forms', seed = process.env.JUCUN_SEED ?? '7'): T {
  const own = `${ROOT}.venv/bin/python`
  const told = execFileSync(process.env.JUCUN_PYTHON ?? (existsSync(own) ? own : 'python3'), [`${ROOT}tests/forms/parity.py`, kind, seed], { maxBuffer: 1 << 28 })
  return JSON.parse(told.toString('utf8')) as T
}
