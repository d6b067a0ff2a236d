/** Which pages this person's verbs open, in groups. */
import type { Me } from '@jucun/shared/contract'
import { SECTIONS, type Section } from '../router'

export function openTo(me: Me): Section[] {
  return SECTIONS.filter(section => section.verbs.some(verb => me.verbs.includes(verb)))
}

export function grouped(sections: Section[]): { group: string; sections: Section[] }[] {
  const names = [...new Set(sections.map(s => s.group))]
  return names.map(group => ({ group, sections: sections.filter(s => s.group === group) }))
}

const HOME_OF: Record<string, string> = {
  '/returns': '/review', '/houses': '/people', '/conflicts': '/people', '/officers': '/findings', '/missions': '/findings', '/finding-lists': '/findings',
  '/emergencies': '/duty',
}

/** The section a page belongs to: a return is review, a house stands beside its people. */
export function sectionOf(path: string): string {
  const first = `/${path.split('/')[1]}`
  return HOME_OF[first] ?? first
}
