// What the plain pages gain from script: the code behind the # goes into the form, and a link can be copied.
document.documentElement.dataset.script = '';

const code = document.querySelector('[data-from-fragment]');
// One that leads from page to page goes along until it is used.
for (const link of location.hash ? document.querySelectorAll('[data-keep-fragment]') : []) link.hash = location.hash;
if (code && location.hash.length > 1) {
  code.value = readable(location.hash.slice(1));
  history.replaceState(null, '', location.pathname); // The code is a secret: it need not stay in the history.
}

/** What stands behind the # of a link, which may have travelled badly: the server finds the code in it, and says so where there is none. */
function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand('copy'); // Over plain HTTP there is no clipboard, but this still copies a selection.
    }
    button.textContent = 'Copied';
  });
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

// In place of a page that could not be had: it opens as soon as it can be, which is not always when the browser says so.
if (document.querySelector('[data-offline]')) {
  const again = () => fetch(location.href, { method: 'HEAD', redirect: 'manual' }).then((answer) => answer.status < 500 && location.reload(), () => {});
  addEventListener('online', again);
  setInterval(again, 3000);
}
