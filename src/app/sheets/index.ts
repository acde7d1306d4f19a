import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** A sheet over the page: what it says it is, how it is laid out, and its content, which is loaded when it is first asked for. */
export interface SheetEntry {
  /** Named by screen readers. */
  title: string;
  /** A class beside `sheet`. */
  look?: string;
  Content: LazyExoticComponent<ComponentType>;
}

/** All sheets. A new one is one file, whose content begins with a `SheetHead`, and one line here. */
export const SHEETS = {
  gallery: { title: 'Gallery', look: 'gallery', Content: lazy(async () => ({ default: (await import('../gallery/GallerySheet.tsx')).GallerySheet })) },
  compare: { title: 'Compare', look: 'compare', Content: lazy(async () => ({ default: (await import('../compare/CompareSheet.tsx')).CompareSheet })) },
  share: { title: 'Share', look: 'share', Content: lazy(async () => ({ default: (await import('../share/ShareSheet.tsx')).ShareSheet })) },
  export: { title: 'Export', look: 'share', Content: lazy(async () => ({ default: (await import('../export/ExportSheet.tsx')).ExportSheet })) },
  use: { title: 'Use in a page', look: 'share', Content: lazy(async () => ({ default: (await import('../share/UseInPage.tsx')).UseInPage })) },
  slow: { title: 'Slow motion', look: 'slow', Content: lazy(async () => ({ default: (await import('../slow/SlowSheet.tsx')).SlowSheet })) },
  how: { title: 'How do I know?', look: 'share', Content: lazy(async () => ({ default: (await import('../reproduce/HowSheet.tsx')).HowSheet })) },
  shortcuts: { title: 'Keyboard shortcuts', Content: lazy(async () => ({ default: (await import('./ShortcutsSheet.tsx')).ShortcutsSheet })) },
} as const satisfies Record<string, SheetEntry>;

/** Name of a sheet. */
export type SheetId = keyof typeof SHEETS;
