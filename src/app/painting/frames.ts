/** What is painted next: a scene, and codes where they are others than those of the frame before. */
export interface Frame<Scene, Codes> {
  scene: Scene;
  codes?: Codes | undefined;
}

/**
 * Paints frames one at a time. What comes while one is being painted waits, and only the newest of it is painted;
 * codes that came with a frame that was passed over are kept.
 * @param paint resolves when the frame is done
 * @param failed hears what `paint` threw; the frames that wait are given up
 */
export function createFrames<Scene, Codes>(paint: (frame: Frame<Scene, Codes>) => Promise<void>, failed: (error: unknown) => void): (frame: Frame<Scene, Codes>) => void {
  let waiting: Frame<Scene, Codes> | undefined;
  let painting = false;
  const paintAll = async (): Promise<void> => {
    painting = true;
    try {
      while (waiting) {
        const frame = waiting;
        waiting = undefined;
        await paint(frame);
      }
    } catch (error) {
      waiting = undefined;
      failed(error);
    } finally {
      painting = false;
    }
  };
  return ({ scene, codes }) => {
    waiting = { scene, codes: codes ?? waiting?.codes };
    if (!painting) void paintAll();
  };
}
