/** Others work on the same things: look again now and then, but not while somebody reads away from the page or is in the middle of something. */
import { onBeforeUnmount } from 'vue'

const LOOK_AGAIN = 25_000 // milliseconds

export function useLive(reload: () => unknown, quiet: () => boolean = () => false, every = LOOK_AGAIN): void {
  const timer = window.setInterval(() => { if (!document.hidden && !quiet()) void reload() }, every)
  onBeforeUnmount(() => clearInterval(timer))
}
