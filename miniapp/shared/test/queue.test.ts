/** Acts that waited go out in the order in which they were done, and what was refused holds back only its own order. */
import { describe, expect, it } from 'vitest'
import { dueText, span } from '../src/clocks'
import { outgoing, ready, type Deed } from '../src/queue'

const deed = (id: string, order: string, at: number, more: Partial<Deed> = {}): Deed =>
  ({ id, order, no: order, title: '', act: 'note', label: '', at, body: { rev: 3 }, photos: [], refused: null, ...more })

describe('what can be sent', () => {
  it('is the oldest first', () => {
    expect(ready([deed('b', 'x', 2), deed('a', 'y', 1)]).map(d => d.id)).toEqual(['a', 'b'])
  })
  it('waits behind a refused act of the same order only', () => {
    const found = ready([deed('a', 'x', 1, { refused: '已被别人办理' }), deed('b', 'x', 2), deed('c', 'y', 3)])
    expect(found.map(d => d.id)).toEqual(['c'])
  })
})

describe('an act on its way', () => {
  it('follows the answer to the one before it', () => {
    expect(outgoing(deed('a', 'x', 1, { act: 'sign' }), 4, [], null)).toEqual({ rev: 4 })
    expect(outgoing(deed('a', 'x', 1), undefined, [], null)).toEqual({ rev: 3 })
  })
  it('says when it was done, where the server asks', () => {
    expect(outgoing(deed('a', 'x', 1, { act: 'contact' }), undefined, [], '2026-11-23T10:00:00+08:00').at).toBe('2026-11-23T10:00:00+08:00')
    expect(outgoing(deed('a', 'x', 1, { act: 'sign' }), undefined, [], '2026-11-23T10:00:00+08:00').at).toBeUndefined()
  })
  it('takes the names the server gave its photos', () => {
    expect(outgoing(deed('a', 'x', 1, { photos: ['local:1'] }), undefined, ['p1'], null).photos).toEqual(['p1'])
  })
})

describe('how much time is left', () => {
  const due = (state: 'fine' | 'late' | 'stopped' | 'none', at: string | null) => ({ kind: 'handle', label: '办理', at, state })
  const now = Date.parse('2026-11-23T10:00:00+08:00')
  it('is said in one unit', () => {
    expect([span(59 * 60_000), span(90 * 60_000), span(47 * 3_600_000), span(72 * 3_600_000)]).toEqual(['59 分钟', '2 小时', '47 小时', '3 天'])
  })
  it('is said with its clock', () => {
    expect(dueText(due('fine', '2026-11-23T13:00:00+08:00'), now)).toBe('办理还剩 3 小时')
    expect(dueText(due('late', '2026-11-21T10:00:00+08:00'), now)).toBe('办理已超 2 天')
    expect(dueText(due('stopped', null), now)).toBe('已暂停计时')
    expect(dueText(due('none', null), now)).toBe('')
  })
})
