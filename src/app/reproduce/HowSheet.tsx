import { type ReactElement, type ReactNode } from 'react';
import { datasetCard } from '../../engine/data/cards.ts';
import { evaluatedExamples, HELD_OUT } from '../../engine/data/heldOut.ts';
import { setOfManifest, type PackedSet } from '../../engine/data/manifest.ts';
import type { MethodCard } from '../../engine/experiment/card.ts';
import type { DataSpec } from '../../engine/experiment/experiment.ts';
import { session } from '../session/current.ts';
import { SheetHead } from '../sheets/SheetHead.tsx';
import { useFetched } from '../shell/useFetched.ts';
import { useExperiment, methodOf } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { adapterName, useRun } from '../stores/run.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';
import { wholeCard } from '../text/whole.ts';
import '../share/share.css';
import './how.css';
import { BUILD_WORDS } from './build.ts';
import { expectNumbers } from './expecting.ts';
import { useFinalNumbers } from './finalNumbers.ts';
import { SelfTestFact } from './SelfTestFact.tsx';

/** What the numbers of the run shown rest on, and the button that makes it once more and compares. */
export function HowSheet(): ReactElement {
  const log = useLog(({ log: shown }) => shown);
  useLog(({ version }) => version);
  const edited = useExperiment((state) => state.experiment);
  const phase = useView((view) => view.phase);
  const recorded = useRun((run) => run.source === 'recording');
  const live = useRun((run) => run.adapter);
  const experiment = log.experiment ?? edited;
  const adapter = recorded ? log.adapter : live ?? log.adapter;
  const set = useFetched(experiment.data.set, packedSet);
  const notes = useFetched(methodOf(experiment, phase), wholeCard);
  const numbers = useFinalNumbers();
  const again = (): void => {
    if (!numbers) return;
    // What was changed while it ran is replayed at its steps, and does not become a setting.
    useExperiment.setState({ touched: false });
    expectNumbers(numbers);
    look({ sheet: null });
    session.trainLive();
  };
  return (
    <div className="sheet-body">
      <SheetHead title="How do I know?" />
      <dl className="how">
        <Fact name="Build">{BUILD_WORDS}.</Fact>
        <Fact name="Adapter">{adapter ? `${adapterName(adapter)}${recorded ? ', which made this recording' : ''}` : 'Known once a run begins.'}</Fact>
        <Fact name="Self-test"><SelfTestFact adapter={live ? adapterName(live) : null} /></Fact>
        <Fact name="Data">{dataWords(experiment.data, set)}
          {set && [...set.train.images, ...set.test.images].map(({ file, sha256 }) => <code key={file}>{sha256}</code>)}
        </Fact>
        <Fact name="Seed">{experiment.seed}; weights, masks and batches follow from it alone. One seed allows no verdict.</Fact>
        <Fact name="Hash">{log.status.state === 'finished' ? <code>{log.status.hash}</code> : 'sha256 of parameters and masks, once the run has finished.'}</Fact>
        <Fact name="Paper">{notes ? <Deviations {...notes} /> : 'The notes of the method have not come.'}</Fact>
        <Fact name="FLOPs">A multiply and an add count as two. Products of a masked layer count by its density; all else counts in full, and so do gradients of weights in steps whose method asks for those of missing ones.</Fact>
      </dl>
      <button type="button" className="button primary how-again" disabled={!numbers} onClick={again}>Run again and compare</button>
      <p className="small faint">{numbers ? 'Trains the same experiment on this device from the beginning, and says at its end whether the hashes are equal.' : 'Possible once a run of these settings has finished.'}</p>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

function Deviations({ fidelity, deviations }: Pick<MethodCard, 'fidelity' | 'deviations'>): ReactElement {
  const lines = [...fidelity, ...deviations.map(({ note }) => note)];
  return lines.length > 0 ? <ul className="bullets">{lines.map((line) => <li key={line}>{line}</li>)}</ul> : <>No deviation is known.</>;
}

/** Where the examples come from, how many there are, and which of them accuracies are measured on. */
function dataWords({ set: id, samples, evaluateOn }: DataSpec, packed: PackedSet | null): string {
  const card = datasetCard(id);
  const generated = card?.downloadBytes === 0;
  const train = formatCount(card?.trainExamples ?? samples);
  const measured = formatCount(evaluatedExamples({ set: id, samples, evaluateOn }));
  const split = evaluateOn === 'test'
    ? `${train} examples to train on, a test set of ${measured}.`
    : `accuracies are measured on the validation split, every ${HELD_OUT}th of ${train} training examples, ${measured} in all, which are not trained on; the test set is not looked at.`;
  const source = generated ? '' : packed ? ' sha256 of the packed pictures:' : ' The manifest with their hashes has not come.';
  return `${card?.title ?? id}${generated ? ', generated from the seed' : ''}: ${split}${source}`;
}

/** The set as the packed data tell it. @throws where there is no such set, as for generated ones */
async function packedSet(id: string): Promise<PackedSet> {
  const response = await fetch(new URL('data/manifest.json', document.baseURI));
  return setOfManifest(await response.json(), id);
}
