/** Leaving for good: the server forgets the session, then the phone forgets what it kept for this person. */
import { ApiProblem } from '@jucun/shared/problem'
import { forgetAll } from '@/offline/belongings'
import { api, client } from '@/session/session'

/** Without a network it refuses: the server would keep the session, and the next person here would come in by it. */
export async function signOut(): Promise<void> {
  try {
    await api.signIn.out()
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.offline) throw problem
    client.forget()
  }
  await forgetAll()
  uni.reLaunch({ url: '/pages/sign-in/index?left=1' })
}
