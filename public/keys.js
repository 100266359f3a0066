// @ts-check
// Two rules about keys, which hold before any other handler of the page hears one.
//
// A key that an input method takes (the Enter that accepts a candidate, the Escape that drops it) is not the page's. Browsers
// say so in three ways: `isComposing` while a composition goes on; the code 229, also in Safari, where the composition has ended
// by then; and nothing at all, where the key follows in the very moment in which the composition ends.
//
// A key that is held down acts once. Only in what is typed into, and where it moves the focus or the page, it goes on.

let hasJustEnded = false

addEventListener(
  'compositionend',
  () => {
    hasJustEnded = true
    setTimeout(() => (hasJustEnded = false))
  },
  true,
)

/** Whether an input method takes the key. @param {KeyboardEvent} event */
const composes = ({ isComposing, keyCode }) => isComposing || keyCode === 229 || hasJustEnded

addEventListener(
  'keydown',
  (event) => {
    const { key, repeat, target } = event
    if (composes(event)) {
      if (key === 'Enter') event.preventDefault()
      event.stopImmediatePropagation()
    } else if (repeat && !/^(Arrow|Page|Home|End|Tab)/.test(key) && target instanceof Element && !target.matches('input, textarea, select')) {
      if (target.closest('button, summary, a')) event.preventDefault()
      event.stopImmediatePropagation()
    }
  },
  true,
)

export {}
