import { memo, type CSSProperties, type ReactElement } from 'react';
import { StateShapes } from '../mask/Legend.tsx';
import { CODE, MASK_STATES } from '../mask/states.ts';
import { formatValue } from '../text/numbers.ts';
import type { Group, LayerMask, Slot } from './groups.ts';
import type { Stretch } from './lineHistory.ts';
import { StripHistory } from './StripHistory.tsx';
import { insetOf, slotX, type StripLayout } from './stripLayout.ts';
import { marginWords } from './words.ts';

interface StripProps {
  groups: readonly Group[];
  layout: StripLayout;
  /** Lines that share the pattern. */
  lines: number;
  /** States of all weights; undefined for a mask that is not in the log. */
  codes: Uint8Array | undefined;
  other: { name: 'forward' | 'backward'; mask: LayerMask } | undefined;
  /** Slots may change places at the next choice of the mask. */
  chooses: boolean;
  history: readonly Stretch[] | undefined;
  /** The slot that is read. */
  read: number | null;
}

/** Heights of the rows, in CSS pixels. */
const HEIGHT = { head: 20, bars: 136, sharedBars: 72, row: 18, next: 12, history: 104 };
/** Slots narrower than these have no numbers, or no signs. */
const NUMBER = 13;
const VALUE = 38;
const SIGN = 7;

/** A row of the strip, by the place of its upper edge. */
interface Rows {
  bars: number;
  barsEnd: number;
  values: number | undefined;
  ranks: number | undefined;
  next: number | undefined;
  mask: number;
  other: number | undefined;
  history: number | undefined;
  end: number;
}

function rowsOf({ groups, layout, lines, other, chooses, history }: StripProps): Rows {
  let end = HEIGHT.head;
  const take = (wanted: boolean, height: number): number | undefined => {
    if (!wanted) return undefined;
    end += height;
    return end - height;
  };
  const known = groups[0]?.slots[0]?.score !== undefined;
  const bars = take(true, !known ? 0 : lines > 1 ? HEIGHT.sharedBars + lines * cellHeight(lines) + 6 : HEIGHT.bars)!;
  return {
    bars, barsEnd: end,
    values: take(known && layout.slot >= VALUE, HEIGHT.row), ranks: take(known && layout.slot >= NUMBER, HEIGHT.row), next: take(known && chooses, HEIGHT.next),
    mask: take(true, HEIGHT.row)!, other: take(other !== undefined, HEIGHT.row), history: take(history !== undefined, HEIGHT.history + 8), end: end + 2,
  };
}

const cellHeight = (lines: number): number => (lines > 8 ? 5 : lines > 4 ? 7 : 10);

/** Groups side by side: size and sign of each weight against the cut, rank, state, and what each slot was over time. */
export const Strip = memo(function Strip(props: StripProps): ReactElement {
  const { groups, layout, read } = props;
  const rows = rowsOf(props);
  const position = groups.findIndex(({ slots }) => slots.some(({ slot }) => slot === read));
  const place = position < 0 ? -1 : groups[position]!.slots.findIndex(({ slot }) => slot === read);
  return (
    <svg className="strip-picture" width={layout.width} height={rows.end} viewBox={`0 0 ${layout.width} ${rows.end}`} aria-hidden="true">
      <RowWords rows={rows} other={props.other?.name} limit={rows.barsEnd > rows.bars ? largestScore(groups) : undefined} shared={props.lines > 1} />
      {groups.map((group, at) => <GroupPicture key={group.group} {...props} group={group} at={at} rows={rows} limit={largestScore(groups)} />)}
      {props.history && rows.history !== undefined && <StripHistory stretches={props.history} groups={groups} layout={layout} top={rows.history + 6} height={HEIGHT.history} />}
      {place >= 0 && <rect className="slot-read" x={slotX(layout, position, place) - 0.5} y={HEIGHT.head - 2} width={layout.slot + 1} height={rows.end - HEIGHT.head} />}
    </svg>
  );
});

function largestScore(groups: readonly Group[]): number {
  return groups.reduce((most, { slots }) => slots.reduce((own, { score = 0 }) => Math.max(own, Number.isFinite(score) ? score : 0), most), 0);
}

/** What the rows are, on the left. */
function RowWords({ rows, other, limit, shared }: { rows: Rows; other: string | undefined; limit: number | undefined; shared: boolean }): ReactElement {
  const words: readonly [string, number | undefined][] = [
    ['weight', rows.values === undefined ? undefined : rows.values + 13], ['rank', rows.ranks === undefined ? undefined : rows.ranks + 13],
    ['mask', rows.mask + 13], [other === 'backward' ? 'back' : 'forw.', rows.other === undefined ? undefined : rows.other + 13],
  ];
  return (
    <g className="strip-words">
      <text x={0} y={13}>group</text>
      {limit !== undefined && <text x={0} y={rows.bars + 11}>{shared ? '|w| ' : '+'}{formatValue(limit)}</text>}
      {limit !== undefined && !shared && <text x={0} y={rows.barsEnd - 4}>−{formatValue(limit)}</text>}
      {words.map(([text, y]) => y !== undefined && <text key={text} x={0} y={y}>{text}</text>)}
    </g>
  );
}

interface GroupPictureProps extends StripProps {
  group: Group;
  /** Counted from the first that is shown. */
  at: number;
  rows: Rows;
  limit: number;
}

function GroupPicture(props: GroupPictureProps): ReactElement {
  const { group, at, rows, layout, lines, limit } = props;
  const x = slotX(layout, at, 0);
  const width = group.slots.length * layout.slot;
  const margin = marginWords(group.cut.margin);
  const wide = width >= 50;
  return (
    <g>
      {width >= 18 && <text className="group-number" x={x} y={13}>{group.group}</text>}
      {wide && margin && <text className={`group-margin ${group.cut.margin! < 0 ? 'crossed' : ''}`} x={x + width} y={13} textAnchor="end">{width >= 104 ? `margin ${margin}` : margin}</text>}
      {rows.barsEnd > rows.bars && <Bars group={group} x={x} width={width} slot={layout.slot} top={rows.bars} end={rows.barsEnd} limit={limit} lines={lines} />}
      {group.slots.map((slot, place) => <SlotMarks key={slot.slot} {...props} slot={slot} x={slotX(layout, at, place)} />)}
    </g>
  );
}

/** Sizes of the slots of a group up and down from 0 by their sign, with the cut; of shared ones their score, and below it the weights of each line. */
function Bars({ group, x, width, slot, top, end, limit, lines }: { group: Group; x: number; width: number; slot: number; top: number; end: number; limit: number; lines: number }): ReactElement {
  const shared = lines > 1;
  const room = shared ? HEIGHT.sharedBars - 4 : (end - top) / 2 - 2;
  const zero = shared ? top + HEIGHT.sharedBars : (top + end) / 2;
  const long = (score: number): number => (limit > 0 ? (Math.min(limit, score) / limit) * room : 0);
  const inset = insetOf(slot);
  return (
    <g>
      <Band group={group} x={x} width={width} zero={zero} long={long} both={!shared} />
      <line className="zero" x1={x} x2={x + width} y1={zero} y2={zero} />
      {group.slots.map((own, place) => {
        const height = Math.max(own.score ? 1 : 0, long(own.score ?? 0));
        const sign = shared ? 'unsigned' : (own.values[0] ?? 0) < 0 ? 'negative' : 'positive';
        const half = own.kept ? 0 : 0.5;
        return <rect key={own.slot} className={`bar ${sign} ${own.kept ? 'kept' : 'out'}`} x={x + place * slot + inset + half} width={Math.max(0.5, slot - 2 * inset - 2 * half)} y={sign === 'negative' ? zero : zero - height} height={height} />;
      })}
      {shared && group.slots.map((own, place) => own.values.map((value, member) => (
        <rect key={`${own.slot} ${member}`} className={`cell-weight ${value < 0 ? 'negative' : 'positive'}`} style={{ opacity: Number.isFinite(value) ? Math.sqrt(Math.min(1, Math.abs(value) / limit || 0)) : 1 }}
          x={x + place * slot + inset} width={Math.max(0.5, slot - 2 * inset)} y={zero + 4 + member * cellHeight(lines)} height={cellHeight(lines) - 1} />
      )))}
    </g>
  );
}

/** From the largest that is left out to the smallest that is kept: what bars reach beyond it is safe, what ends below it is out. */
function Band({ group: { cut }, x, width, zero, long, both }: { group: Group; x: number; width: number; zero: number; long(score: number): number; both: boolean }): ReactElement | null {
  if (cut.kept === undefined || cut.left === undefined) return null;
  const [low, high] = [Math.min(cut.kept, cut.left), Math.max(cut.kept, cut.left)].map(long) as [number, number];
  const height = Math.max(1, high - low);
  const name = `margin ${cut.kept < cut.left ? 'crossed' : ''}`;
  return (
    <>
      <rect className={name} x={x} width={width} y={zero - high} height={height} />
      {both && <rect className={name} x={x} width={width} y={zero + low} height={height} />}
    </>
  );
}

/** Numbers and signs below the bar of a slot. */
function SlotMarks({ slot, x, rows, layout, codes, other }: GroupPictureProps & { slot: Slot; x: number }): ReactElement {
  const middle = x + layout.slot / 2;
  const kept = other && other.mask[slot.weight] === 1;
  return (
    <g>
      {rows.values !== undefined && slot.values.length === 1 && <text className="slot-number" x={middle} y={rows.values + 13} textAnchor="middle">{formatValue(slot.values[0]!)}</text>}
      {rows.ranks !== undefined && <text className={`slot-number ${slot.kept ? 'kept' : ''}`} x={middle} y={rows.ranks + 13} textAnchor="middle">{slot.rank}</text>}
      {rows.next !== undefined && slot.next && <Next slot={slot} x={middle} y={rows.next + HEIGHT.next / 2} />}
      <Sign code={codes?.[slot.weight] ?? (slot.kept ? CODE.kept : CODE.never)} x={x} y={rows.mask} slot={layout.slot} />
      {rows.other !== undefined && <Sign code={kept ? CODE.kept : CODE.never} x={x} y={rows.other} slot={layout.slot} differs={kept !== slot.kept} />}
    </g>
  );
}

/** Whether a slot would enter or leave the mask, were it chosen now. */
function Next({ slot: { next }, x, y }: { slot: Slot; x: number; y: number }): ReactElement {
  const way = next === 'enters' ? -4 : 4;
  return <path className={`next ${next}`} d={`M${x - 4.5} ${y - way}h9L${x} ${y + way}z`} />;
}

/** The state of a slot by its sign, or by its colour alone where slots are narrow. */
function Sign({ code, x, y, slot, differs = false }: { code: number; x: number; y: number; slot: number; differs?: boolean }): ReactElement {
  const state = MASK_STATES[code] ?? 'never';
  const side = Math.min(14, slot - (slot >= SIGN ? 1 : 0));
  const style = { '--state': `var(--mask-${state === 'regrown' ? 'grown' : state})` } as CSSProperties;
  if (slot < SIGN) return <rect className={`narrow-state ${differs ? 'differs' : ''}`} style={style} x={x} y={y + 2} width={Math.max(0.5, slot)} height={12} />;
  const left = x + (slot - side) / 2;
  return (
    <g className={`state-sign ${state} ${differs ? 'differs' : ''}`} style={style} transform={`translate(${left} ${y + 9 - side / 2}) scale(${side / 16})`}>
      <StateShapes state={state} />
    </g>
  );
}
