// Runs before the first paint, so that no page flashes in the wrong theme: a stored choice, or else the system's.
(function () {
  var dark = matchMedia('(prefers-color-scheme: dark)');
  function apply() {
    var stored = null;
    // A figure in another page follows that page, or the system, and not what was chosen on ours.
    if (/[#&]embed=1/.test(location.hash)) {
      document.documentElement.dataset.theme = (/[#&]theme=(light|dark)/.exec(location.hash) || [])[1] || (dark.matches ? 'dark' : 'light');
      return;
    }
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
