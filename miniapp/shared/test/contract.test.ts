/** The generated types are those of the backend as it is now; `npm run gen:api` writes them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'
import { expect, test } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

test('api.gen.ts is what the backend serves', { timeout: 60_000 }, async () => {
  const own = new URL('.venv/bin/python', ROOT).pathname
  const python = process.env.JUCUN_PYTHON ?? (existsSync(own) ? own : 'python3')
  const contract = execFileSync(python, ['-m', 'backend', 'openapi'], { cwd: ROOT, encoding: 'utf8' })
  const types = await openapiTS(JSON.parse(contract), { defaultNonNullable: false })
  const kept = readFileSync(new URL('miniapp/shared/src/api.gen.ts', ROOT), 'utf8')
  expect(kept === `${COMMENT_HEADER}${astToString(types)}`, 'run: npm run gen:api').toBe(true)
})
