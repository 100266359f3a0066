// @ts-check
// Two rules about keys, which hold before any other handler of the page hears one.
//
// A key that an input method takes (the Enter that accepts a candidate, the Escape that drops it) is not the page's. Browsers
// say so in three ways: `isComposing` while a composition goes on; the code 229, also in Safari, where the composition has ended
// by then; and nothing at all, where the key follows in the very moment in which the composition ends.
//
// Two keys only look like that. The keyboard of a phone composes every word, and where it offers no candidates its Enter is
// an Enter. A syllable of Hangul ends by the key that follows it, and that key is passed on.
//
// A key that is held down acts once. Only in what is typed into, and where it moves the focus or the page, it goes on; a command
// (with Ctrl or Command) acts once there, too.

const isPhone = /Android/.test(navigator.userAgent)
/** What is being composed, or was last. */
let composed = ''
let hasJustEnded = false

addEventListener('compositionupdate', ({ data }) => (composed = data), true)
addEventListener(
  'compositionend',
  () => {
    if (/^\p{scx=Hangul}+$/u.test(composed)) return
    hasJustEnded = true
    setTimeout(() => (hasJustEnded = false))
  },
  true,
)

/** Whether an input method takes the key. @param {KeyboardEvent} event */
function composes({ key, isComposing, keyCode }) {
  const hasCandidates = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}]/u.test(composed)
  if (isPhone && key === 'Enter' && !hasCandidates) return false
  return isComposing || keyCode === 229 || hasJustEnded
}

/** Whether a key that is held goes on. @param {KeyboardEvent} event @param {Element} target */
const goesOn = ({ key, ctrlKey, metaKey }, target) =>
  /^(Arrow|Page|Home|End|Tab)/.test(key) || (!ctrlKey && !metaKey && target.matches('input, textarea, select'))

addEventListener(
  'keydown',
  (event) => {
    const { key, repeat, target } = event
    if (composes(event)) {
      if (key === 'Enter') event.preventDefault()
      event.stopImmediatePropagation()
    } else if (repeat && target instanceof Element && !goesOn(event, target)) {
      // What a browser does by other keys (a larger page, its own taking back) goes on.
      if (/^(Enter| )$/.test(key) && target.closest('button, summary, a')) event.preventDefault()
      event.stopImmediatePropagation()
    }
  },
  true,
)

export {}
