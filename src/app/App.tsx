import { lazy, Suspense, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { PANELS, type Panel } from './panels/index.ts';
import type { PanelProps } from './panels/reading.ts';
import { evaluatedOn, sentence, summarise } from './panels/summary.ts';
import { BottomBar, LookBack, PlayBar, ResetHint, SeedButton, SlowButton, SpeedChoice, StateChip } from './shell/PlayBar.tsx';
import { GalleryButton, Header, ShareButton } from './shell/Header.tsx';
import { LiveRegion } from './shell/LiveRegion.tsx';
import { ResultLine } from './shell/ResultLine.tsx';
import { useFetched } from './shell/useFetched.ts';
import { useShortcuts } from './shell/useShortcuts.ts';
import { TabBar } from './shell/TabBar.tsx';
import { Thumbnail } from './shell/Thumbnail.tsx';
import { useMedia } from './shell/useElementSize.ts';
import { Sheets } from './sheets/Sheets.tsx';
import { useExperiment, withChanges } from './stores/experiment.ts';
import { useLog } from './stores/log.ts';
import { useRun } from './stores/run.ts';
import { useView } from './stores/view.ts';

/** Read on demand, so loaded on demand. */
const Learn = lazy(async () => ({ default: (await import('./shell/Learn.tsx')).Learn }));

/** Has something to say only once a link was read, a recording found or a device lost: the first picture does not wait for it. */
// The first step needs no controls: they come once the page stands.
const Settings = lazy(async () => ({ default: (await import('./shell/Settings.tsx')).Settings }));
const Notices = lazy(async () => ({ default: (await import('./shell/Notices.tsx')).Notices }));
const LessonPane = lazy(async () => ({ default: (await import('./lessons/LessonPane.tsx')).LessonPane }));

/** The page. On wide screens three columns, on narrow ones tabs over a bar at the bottom. */
export function App(): ReactElement {
  useShortcuts();
  const narrow = useMedia('(max-width: 1023px)');
  const panel = usePanelProps();
  const words = useSentence(panel);
  return (
    <>
      <Header narrow={narrow} />
      {narrow ? <Narrow panel={panel} words={words} /> : <Wide panel={panel} words={words} />}
      <Sheets />
      <LiveRegion text={words} />
    </>
  );
}

interface LayoutProps {
  panel: PanelProps;
  words: string;
}

function Wide({ panel, words }: LayoutProps): ReactElement {
  const lesson = useView((view) => view.lesson);
  return (
    <>
      <PlayBar />
      <Suspense fallback={null}><Notices /></Suspense>
      <main className="columns">
        <div className="column column-settings">
          {lesson && <Suspense fallback={null}><LessonPane /></Suspense>}
          <Suspense fallback={null}><Settings /><AboutMethod /></Suspense>
        </div>
        <div className="column column-picture">
          <p className="sentence">{words}</p>
          <Panels place="picture" panel={panel} />
        </div>
        <div className="column column-figures"><Panels place="figures" panel={panel} /></div>
      </main>
    </>
  );
}

function AboutMethod(): ReactElement {
  const [open, setOpen] = useState(false);
  return <details className="group about" onToggle={(event) => setOpen(event.currentTarget.open)}><summary>About the method</summary>{open && <Suspense fallback={null}><Learn open /></Suspense>}</details>;
}

function Narrow({ panel, words }: LayoutProps): ReactElement {
  const tab = useView((view) => view.tab);
  const looksBack = useView((view) => view.cursor !== null);
  const panes: Record<typeof tab, ReactNode> = {
    mask: <><p className="sentence">{words}</p><Panels place="picture" panel={panel} /></>,
    charts: <Panels place="figures" panel={panel} />,
    settings: (
      <Suspense fallback={null}><Settings extra={<div className="settings-bar"><Thumbnail {...panel} /><SpeedChoice /><SeedButton /><SlowButton /><ShareButton short /></div>} /></Suspense>
    ),
    learn: <Suspense fallback={null}><GalleryButton /><LessonPane /><Learn open /></Suspense>,
  };
  return (
    <>
      <main>
        <ResultLine {...panel} />
        <TabBar />
        <Suspense fallback={null}><Notices /></Suspense>
        <div className="pane" id="pane" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          <div className="pane-state">{looksBack ? <LookBack /> : <><StateChip /><ResetHint /></>}</div>
          {panes[tab]}
        </div>
      </main>
      <BottomBar />
    </>
  );
}

function Panels({ place, panel }: { place: Panel['place']; panel: PanelProps }): ReactElement {
  return <>{PANELS.filter((entry) => entry.place === place).map(({ id, Component }) => <Component key={id} {...panel} />)}</>;
}

/** What every panel is given: the log, and the step looked at. */
export function usePanelProps(): PanelProps {
  const { log, version } = useLog();
  const cursor = useView((view) => view.cursor);
  const end = useRun((run) => run.step);
  return { log, version, cursor: cursor ?? end, end };
}

/** The code that knows where densities end. */
const loadPlanning = () => import('./session/preview.ts');

/** The computed sentence at the step looked at. */
export function useSentence({ log, version, cursor }: PanelProps): string {
  const finished = useRun((run) => run.state === 'finished');
  const totalSteps = useRun((run) => run.totalSteps);
  const experiment = useExperiment((state) => state.experiment);
  const changed = useExperiment((state) => state.changed);
  const planning = useFetched('', loadPlanning);
  return useMemo(() => {
    if (!planning) return '';
    const schedule = planning.scheduleOf(withChanges(experiment, changed), log.layers);
    return sentence(summarise(log, cursor), { finished: finished && cursor >= totalSteps, step: cursor, totalSteps, finalDensity: schedule.density(schedule.totalSteps), evaluatedOn: evaluatedOn(experiment) });
  }, [planning, log, version, cursor, finished, totalSteps, experiment, changed]);
}
