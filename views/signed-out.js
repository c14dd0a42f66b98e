// Goes on from signed-out.ejs once its frames have loaded, or after some seconds: one of them may never
// be done. It is a plain script, for browsers that know no modules.

const link = document.getElementById('go-on');
if (link instanceof HTMLAnchorElement) {
  // Nobody comes back to this page by the browser's Back.
  const goOn = () => location.replace(link.href);
  const late = setTimeout(goOn, 5000);
  addEventListener('load', () => {
    clearTimeout(late);
    goOn();
  });
}
