import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import { Wordmark } from './shell/Wordmark.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('selftest.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <header className="header"><h1 className="header-name"><Wordmark /></h1></header>
    <main className="plain-page"><h2>Self-test</h2><p className="muted">Checks every kernel on your own device against a reference. <a href="./index.html">Back to the page</a></p></main>
  </StrictMode>,
);
