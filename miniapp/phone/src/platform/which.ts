/** On which of the two targets this runs. Replaced at build time, so that the other branch is dropped. */
export const H5 = process.env.UNI_PLATFORM === 'h5'

/** The web view of WeCom says so in its user agent; only there the sign-in can go ahead without a tap. */
export const insideWecom = (): boolean => H5 && /wxwork/i.test(navigator.userAgent)
