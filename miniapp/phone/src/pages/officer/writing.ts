/** A finding that is being written: kept on the phone until the server has it, so that a lost network or a closed page loses nothing. */
import { newKey } from '@jucun/shared/client'
import type { NewFinding } from '@jucun/shared/contract'
import { mine } from '@/offline/seen'
import { drop, get, put } from '@/platform/keep'

type Score = 'handy' | 'useful' | 'liked'
export interface Writing {
  /** Every attempt to send this finding is the same request. */
  key: string
  scene: string; content: string; place: string
  photos: string[]; scores: Record<Score, number | null>; answers: Record<string, string>
}
const shelf = (mission: string): string => mine('writing') + mission

export const blank = (): Writing => ({
  key: newKey(), scene: '', content: '', place: '', photos: [], scores: { handy: null, useful: null, liked: null }, answers: {},
})
export const kept = async (mission: string): Promise<Writing | null> => get<Writing>(shelf(mission))
export const keep = (mission: string, writing: Writing): Promise<void> => put(shelf(mission), writing)
export const dropped = (mission: string): Promise<void> => drop(shelf(mission))

/** As the server takes it; `photos` are the server's names. */
export function body(writing: Writing, mission: string, photos: string[]): NewFinding {
  const { scene, content, place, scores, answers } = writing
  return {
    scene, content: content.trim(), place: place.trim(), photos, ...scores, mission: mission || undefined,
    answers: Object.entries(answers).filter(([, value]) => value.trim()).map(([key, value]) => ({ key, value: value.trim() })),
  }
}
