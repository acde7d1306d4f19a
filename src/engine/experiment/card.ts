/** The value of one setting: what a link, a control or a command line can hold. */
export type KnobValue = number | boolean | string;

/** Words and place of a setting; shared by every kind of knob. */
interface KnobWords {
  /** Short label, as shown beside the control. */
  label: string;
  /** One line that explains it. May end with a citation. */
  help: string;
  /** True when a change acts on a running experiment without a restart. */
  live?: boolean;
  /** True when the control sits in the "Advanced" group, closed at first. */
  advanced?: boolean;
  /** Where the setting means something: the setting at this path, of the same phase, has one of these values. Everywhere where absent. */
  where?: { path: string; is: readonly string[] };
}

/** One setting: its type, range, default and words. Controls, links and flags are made from it. A list of widths may be one of other whole numbers, named by `noun`; `points` are a density over a phase, which may only fall where pruned weights do not return. */
export type Knob =
  | (KnobWords & { kind: 'number'; min: number; max: number; default: number; log?: boolean; unit?: string })
  | (KnobWords & { kind: 'integer'; min: number; max: number; default: number; log?: boolean; unit?: string })
  | (KnobWords & { kind: 'choice'; options: readonly string[]; default: string })
  | (KnobWords & { kind: 'flag'; default: boolean })
  | (KnobWords & { kind: 'widths'; max: number; default: readonly number[]; noun?: string })
  | (KnobWords & { kind: 'points'; min: number; falls: boolean; default: string });

/** A named set of knobs, in display order. */
export type KnobTable = Readonly<Record<string, Knob>>;

/** What is known about a sparse-training method besides its code; every method file exports one. */
export interface MethodCard {
  id: string;
  title: string;
  /** Who proposed it, where and when. */
  paper: { title: string; authors: string; year: number; url?: string };
  /** The idea in one sentence, in the field's own words. */
  idea: string;
  /** KaTeX sources, one an equation. */
  equations: readonly string[];
  /** The method's own settings, by key as in links: `sparsity.<key>`. */
  knobs: KnobTable;
  /** What is faithful to the paper, what is simulated or left out; one sentence each. */
  fidelity: readonly string[];
  /** Where the authors' code deviates from the paper: the knob that switches it, and how. */
  deviations: readonly { knob: string; note: string }[];
}
