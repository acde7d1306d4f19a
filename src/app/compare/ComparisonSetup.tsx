import type { ReactElement } from 'react';
import { CLAIMS } from '../../engine/claims/index.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { type MethodId } from '../../engine/sparsity/methods/index.ts';
import { useComparing } from './comparing.ts';
import { formatDensity } from '../text/numbers.ts';
import { CHOOSABLE, SEEDS, shortTitle, SWEPT, usualChoice, type ComparisonChoice } from './comparison.ts';

/** What to compare: methods on the page's experiment, or a claim with its fixed settings. */
export function ComparisonSetup({ experiment }: { experiment: Experiment }): ReactElement {
  const { claim, choice, claimSeeds, news } = useComparing();
  const chosen = choice ?? usualChoice(experiment);
  const busy = news.state !== 'idle';
  const choose = (change: Partial<ComparisonChoice>): void => useComparing.setState({ choice: { ...chosen, ...change } });
  const found = claim === null ? undefined : CLAIMS[claim];
  return (
    <fieldset className="comparison-setup" disabled={busy}>
      <legend className="visually-hidden">What to compare</legend>
      <div className="control">
        <label className="control-name" htmlFor="compare-what">Compare</label>
        <select id="compare-what" className="select" value={claim ?? ''} onChange={(event) => useComparing.setState({ claim: event.target.value || null, claimSeeds: null, problem: null })}>
          <option value="">methods on this experiment</option>
          {Object.values(CLAIMS).map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
        </select>
      </div>
      {!found && <MethodChoices chosen={chosen} choose={choose} />}
      <Segments
        label="Seeds" name="compare-seeds" value={String(found ? (claimSeeds ?? found.seeds) : chosen.seeds)} options={SEEDS.map((n) => [String(n), String(n)])}
        onChange={(value) => (found ? useComparing.setState({ claimSeeds: Number(value) }) : choose({ seeds: Number(value) }))}
        help="Each seed gives all arms the same batches and initial weights. One seed gives no verdict; three decide large differences only."
      />
      {!found && (
        <Segments
          label="Equal" name="compare-equal" value={chosen.equal} options={[['steps', 'Steps'], ['flops', 'Training FLOPs']]}
          onChange={(value) => choose({ equal: value === 'flops' ? 'flops' : 'steps' })}
          help="By FLOPs, every arm trains until it has cost as much, in theory, as the first method."
        />
      )}
      {!found && (
        <div className="control">
          <label className="check-row"><input type="checkbox" checked={chosen.tune} onChange={(event) => choose({ tune: event.target.checked })} aria-describedby="compare-tune-help" />Tune the learning rate of each arm</label>
          <p className="control-help" id="compare-tune-help">A third, once and three times its rate, on one seed. A fifth of the training set is held out to choose by, so that the test set is looked at once.</p>
        </div>
      )}
    </fieldset>
  );
}

interface MethodChoicesProps {
  chosen: ComparisonChoice;
  choose(change: Partial<ComparisonChoice>): void;
}

function MethodChoices({ chosen, choose }: MethodChoicesProps): ReactElement {
  const toggle = (id: MethodId, on: boolean): void => choose({ methods: on ? [...chosen.methods, id] : chosen.methods.filter((other) => other !== id) });
  return (
    <>
      <div className="control" role="group" aria-labelledby="compare-methods">
        <span id="compare-methods" className="control-name">Methods</span>
        <div className="method-checks">
          {CHOOSABLE.map((id) => (
            <label key={id} className="check-row"><input type="checkbox" checked={chosen.methods.includes(id)} onChange={(event) => toggle(id, event.target.checked)} />{shortTitle(id)}</label>
          ))}
        </div>
        {chosen.methods.length === 0 && <p className="control-help control-error">Choose at least one method.</p>}
      </div>
      <div className="control" role="group" aria-labelledby="compare-densities" aria-describedby="compare-densities-help">
        <span id="compare-densities" className="control-name">Densities</span>
        <div className="density-checks">
          {SWEPT.map((density) => (
            <label key={density} className="check-row"><input type="checkbox" checked={chosen.densities.includes(density)} onChange={(event) => choose({ densities: SWEPT.filter((one) => (one === density ? event.target.checked : chosen.densities.includes(one))) })} />{formatDensity(density)}</label>
          ))}
        </div>
        <p className="control-help" id="compare-densities-help">{chosen.densities.length === 0 ? 'None chosen: at the density of the experiment.' : 'Each method and the random mask at each of them.'}</p>
      </div>
      <div className="control" role="group" aria-labelledby="compare-controls">
        <span id="compare-controls" className="control-name">Controls</span>
        <label className="check-row"><input type="checkbox" checked disabled />Random mask (fixed)</label>
        <label className="check-row"><input type="checkbox" checked disabled />Dense</label>
        <p className="control-help">Always trained: without them nobody knows whether the task can tell methods apart.</p>
        <label className="check-row"><input type="checkbox" checked={chosen.smallDense} onChange={(event) => choose({ smallDense: event.target.checked })} />Small dense network of equal parameters</label>
      </div>
    </>
  );
}

interface SegmentsProps {
  label: string;
  name: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  onChange(value: string): void;
  help: string;
}

function Segments({ label, name, value, options, onChange, help }: SegmentsProps): ReactElement {
  return (
    <div className="control">
      <span className="control-name" id={`${name}-label`}>{label}</span>
      <div className="segmented" role="radiogroup" aria-labelledby={`${name}-label`} aria-describedby={`${name}-help`}>
        {options.map(([option, words]) => <label key={option}><input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />{words}</label>)}
      </div>
      <p className="control-help" id={`${name}-help`}>{help}</p>
    </div>
  );
}
