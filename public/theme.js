// Runs before the first paint, so that no page flashes in the wrong theme: a stored choice, or else the system's.
(function () {
  var dark = matchMedia('(prefers-color-scheme: dark)');
  function apply() {
    var stored = null;
    try {
      stored = localStorage.getItem('sparseland.theme');
    } catch (error) {
      // Storage may be forbidden; the system's theme is used then.
    }
    document.documentElement.dataset.theme = stored === 'light' || stored === 'dark' ? stored : dark.matches ? 'dark' : 'light';
  }
  apply();
  dark.addEventListener('change', apply);
})();
