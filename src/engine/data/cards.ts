/** What is known of a data set before it is loaded. */
export interface DatasetCard {
  id: string;
  title: string;
  sentence: string;
  features: number;
  classes: number;
  image?: { width: number; height: number };
  /** Words for the classes, by label, where the number says nothing. */
  classNames?: readonly string[];
  /** True for a text, whose examples are windows of it: `features` is then 1, a character, and `classes` the number of characters. */
  text?: true;
  /** Examples of the training set; absent for generated ones, whose experiment says how many. */
  trainExamples?: number;
  /** Examples of the test set. */
  testExamples: number;
  /** Compressed bytes that the page fetches; 0 for generated sets. */
  downloadBytes: number;
}

const digits = { features: 784, classes: 10, image: { width: 28, height: 28 } } as const;
const garments = { ...digits, classNames: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'] } as const;
const points = { features: 2, classes: 2, testExamples: 1000, downloadBytes: 0 } as const;

/** Cards of all data sets by id; apart from the loaders, so that the page's first load carries the words alone. */
export const DATASETS = {
  'mnist-10k': { id: 'mnist-10k', title: 'Digits, 10,000', sentence: '10,000 + 2,000 handwritten digits of MNIST.', ...digits, trainExamples: 10_000, testExamples: 2000, downloadBytes: 1_970_000 },
  mnist: { id: 'mnist', title: 'Digits, all 60,000', sentence: 'All 60,000 + 10,000 handwritten digits of MNIST.', ...digits, trainExamples: 60_000, testExamples: 10_000, downloadBytes: 11_450_000 },
  'fashion-mnist-10k': { id: 'fashion-mnist-10k', title: 'Garments, 10,000', sentence: '10,000 + 2,000 garments of Fashion-MNIST; the split is not the canonical one.', ...garments, trainExamples: 10_000, testExamples: 2000, downloadBytes: 5_300_000 },
  'fashion-mnist': { id: 'fashion-mnist', title: 'Garments, all 60,000', sentence: 'All 60,000 + 10,000 garments of Fashion-MNIST, harder than digits; the split is not the canonical one.', ...garments, trainExamples: 60_000, testExamples: 10_000, downloadBytes: 30_950_000 },
  'moby-dick': { id: 'moby-dick', title: 'Moby Dick', sentence: 'The book by characters, 1.1 million to train on and the last tenth to test; each is guessed from those before it.', features: 1, classes: 75, text: true, testExamples: 128, downloadBytes: 470_000 },
  moons: { id: 'moons', title: 'Two moons', sentence: 'Two interleaved half circles; every method solves them.', ...points },
  spirals: { id: 'spirals', title: 'Two spirals', sentence: 'Two spiral arms of one and a half turns.', ...points },
  teacher: { id: 'teacher', title: 'Teacher and student', sentence: 'Points labelled by a random network.', features: 16, classes: 4, testExamples: 1000, downloadBytes: 0 },
} as const satisfies Readonly<Record<string, DatasetCard>>;

/** Ids of the data sets. */
export type DatasetId = keyof typeof DATASETS;

/** The card of a set, or undefined for an unknown id. */
export function datasetCard(id: string): DatasetCard | undefined {
  return Object.hasOwn(DATASETS, id) ? DATASETS[id as DatasetId] : undefined;
}
