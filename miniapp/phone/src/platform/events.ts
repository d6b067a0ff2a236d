/** Events of inputs carry their text in `detail`, on both targets; the DOM types do not know. */
export const textOf = (event: Event): string => (event as unknown as { detail: { value: string } }).detail.value
