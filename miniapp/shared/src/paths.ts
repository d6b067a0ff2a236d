/** Paths of the contract with their segments filled in; one that the backend does not serve is a compile error. */
import type { paths } from './api.gen'
import { path } from './client'

type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Segments<P extends string> = [Names<P>] extends [never] ? [] : [segments: Record<Names<P>, string>]

/** A path of the contract with its segments filled in. */
export function at<P extends keyof paths>(template: P, ...[segments]: Segments<P>): string {
  return path(template, segments ?? {})
}
