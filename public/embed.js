// <sparse-playground>: a live figure of sparse training in any page. docs/embedding.md has its attributes and messages.
(() => {
  const base = new URL('.', document.currentScript.src);
  const PASSED = ['hide', 'lock', 'bounds', 'start', 'record', 'predict', 'theme'];
  // A sheet made by script: a page whose policy forbids inline styles takes it all the same.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { display: block; position: relative; overflow: hidden; border-radius: 8px; color-scheme: light dark; border: 1px solid light-dark(#d5dade, #323941); }
:host([hidden]) { display: none; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
iframe, .poster { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
.poster { display: grid; place-content: center; justify-items: center; gap: 16px; box-sizing: border-box; padding: 16px; text-align: center; font: 16px/24px system-ui, sans-serif; color: light-dark(#1b1f24, #e8ebee); background: light-dark(#f7f8f9, #15181c); }
.poster img { max-width: 100%; max-height: 50vh; }
button { min-width: 120px; min-height: 44px; border: 0; border-radius: 4px; font: 600 16px/24px system-ui, sans-serif; color: light-dark(#fff, #15181c); background: light-dark(#1f5fbf, #7db0ff); cursor: pointer; }
button:focus-visible { outline: 2px solid light-dark(#1f5fbf, #7db0ff); outline-offset: 2px; }
button:disabled { opacity: .6; cursor: default; }`);

  const make = (tag, fields, ...children) => {
    const node = Object.assign(document.createElement(tag), fields);
    node.append(...children);
    return node;
  };

  class SparsePlayground extends HTMLElement {
    static observedAttributes = ['preset', 'settings', ...PASSED];
    #frame = null;
    #waiting = new Map();
    #last = 0;
    #onMessage = (event) => this.#hear(event);
    #seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#load(), { rootMargin: '200px' });

    connectedCallback() {
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      this.style.height = `${Number(this.getAttribute('height')) || 720}px`;
      const image = this.getAttribute('image');
      const button = make('button', { type: 'button', textContent: 'Play' });
      button.setAttribute('aria-label', `Play: ${this.#title}`);
      button.onclick = () => {
        this.#load();
        button.disabled = true;
        button.textContent = 'Loading';
        void this.ask('play').catch(() => {});
      };
      this.#frame = null;
      root.replaceChildren(make('div', { className: 'poster' }, image ? make('img', { src: image, alt: '' }) : '', make('div', { textContent: this.#title }), button));
      addEventListener('message', this.#onMessage);
      if (!navigator.connection?.saveData) this.#seen.observe(this);
    }

    disconnectedCallback() {
      removeEventListener('message', this.#onMessage);
      this.#seen.disconnect();
    }

    attributeChangedCallback() {
      if (this.#frame) this.#frame.src = this.#address;
    }

    get #title() {
      return this.getAttribute('label') || 'Sparse training, live';
    }

    get #address() {
      const get = (name) => this.getAttribute(name);
      const settings = (get('settings') ?? '').replace(/^[#&]/, '');
      const own = PASSED.filter((name) => get(name)).map((name) => `${name}=${encodeURIComponent(get(name))}`);
      const origin = location.origin === 'null' ? '' : `origin=${encodeURIComponent(location.origin)}`;
      return new URL(`#${[get('preset') && `preset=${get('preset')}`, settings, 'embed=1', ...own, origin].filter(Boolean).join('&')}`, base).href;
    }

    #load() {
      this.#seen.disconnect();
      if (this.#frame) return;
      this.#frame = make('iframe', { src: this.#address, title: this.#title });
      // Its own origin stays its own: scripts, popups and files saved by a click, and nothing of this page's.
      this.#frame.sandbox = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads';
      this.shadowRoot.prepend(this.#frame);
    }

    #hear({ data, origin, source }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== base.origin || data?.sparseland !== 1) return;
      if (data.type === 'height') this.style.height = `${Math.min(4000, data.px) + 2}px`;
      if (data.type === 'metrics') this.dispatchEvent(new CustomEvent('metrics', { detail: data.state }));
      if (data.type === 'ready') {
        const poster = this.shadowRoot.querySelector('.poster');
        if (poster?.contains(this.shadowRoot.activeElement)) this.#frame.focus();
        poster?.remove();
        for (const { send } of this.#waiting.values()) send();
      }
      const asked = data.type === 'answer' && this.#waiting.get(data.id);
      if (!asked) return;
      this.#waiting.delete(data.id);
      if (data.ok) asked.resolve(data.state);
      else asked.reject(Object.assign(new Error(data.error.message), { code: data.error.code }));
    }

    /** Asks the figure: 'play', 'pause', 'step', 'reset', 'set' with { key, value }, 'subscribe' with { everyMs }. */
    ask(type, fields) {
      this.#load();
      return new Promise((resolve, reject) => {
        const id = ++this.#last;
        const send = () => this.#frame.contentWindow.postMessage({ ...fields, sparseland: 1, id, type }, base.origin);
        this.#waiting.set(id, { send, resolve, reject });
        if (!this.shadowRoot.querySelector('.poster')) send();
      });
    }
  }
  customElements.define('sparse-playground', SparsePlayground);
})();
