import type { FetchBytes } from '../engine/data/dataset.ts';
import type { Gpu } from '../engine/gpu/device.ts';
import type { Format } from '../engine/sparsity/formats/index.ts';
import type { PeerLibrary, PeerName } from '../peers/peer.ts';

/** What contenders may need of the place where they run: a page, or Node. */
export interface BenchHost {
  /** Sparseland's device. */
  gpu: Gpu;
  /** Loads another library; it opens a device of its own on the same adapter. */
  peer(name: PeerName): Promise<PeerLibrary>;
  /** Where packed data come from. */
  fetchBytes: FetchBytes;
}

/** A contender with everything that it needs on the device. */
export interface OpenContender {
  /** Queues n executions, each on the next of its inputs, and waits for nothing. */
  run(n: number): void;
  /** Resolves when the device has done all of them. */
  wait(): Promise<void>;
  /** What comes in place of an execution once in `period` of them, such as a step with a mask update: timed apart in each sample, and reckoned in. */
  rare?: { period: number } & Pick<OpenContender, 'run' | 'wait'>;
  /** FLOPs of one execution that are useful, so the same for contenders that do the same; a multiply and an add are two. */
  flops: number;
  /** Numbers of the last execution that all contenders of the row must share; absent where they do different things. */
  result?(): Promise<ArrayLike<number>>;
  /** Undoes what executions changed, and waits; called before each sample and not timed. */
  reset?(): Promise<void>;
  /** Most executions between two resets. */
  most?: number;
  /** `kernel/variant` of each dispatch of an execution. */
  variants?(): readonly string[];
  /** Time of each dispatch of an execution; null where the device has no clock. */
  profile?(): Promise<PassTime[] | null>;
  destroy(): void;
}

/** One dispatch of an execution, in a pass of its own, by the device's clock. */
export interface PassTime {
  label: string;
  kernel: string;
  ms: number;
  flops: number;
}

/** A point of a grid: hidden layers of a width, of which masks keep a share, stored in a format. */
export interface GridPoint {
  width: number;
  density: number;
  format: Format;
}

/** One way to do the work of a row. */
export interface Contender {
  name: string;
  /** The library that does it; absent for Sparseland itself. */
  peer?: PeerName;
  /** Where it stands in a row that is a grid. */
  point?: GridPoint;
  open(host: BenchHost): Promise<OpenContender>;
}

/** A row of the benchmark: one piece of work, done by several contenders in turns. */
export interface BenchRow {
  /** As `--only` takes it. */
  name: string;
  /** What is done, with its shapes. */
  title: string;
  /** The contender that the others are compared with: dense work by Sparseland's own kernels. It runs always. */
  baseline: string;
  /** Many points, which would not fit on the device together: each is opened alone beside the baseline, for few samples. */
  grid?: boolean;
  contenders: readonly Contender[];
}
