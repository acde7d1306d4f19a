import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/panels.css';
import { App } from './App.tsx';
import { embedAsked } from './embed/asked.ts';
import { begin } from './session/begin.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');
const reactRoot = createRoot(root);
if (embedAsked(location.hash)) void import('./embed/show.tsx').then(({ showFigure }) => showFigure(reactRoot));
else {
  begin();
  reactRoot.render(<StrictMode><App /></StrictMode>);
}
