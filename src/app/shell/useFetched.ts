import { useEffect, useState } from 'react';

/** What is fetched for a key, once it is there; null before, and where it cannot be. `fetchIt` must stay the same function. */
export function useFetched<Value>(key: string, fetchIt: (key: string) => Promise<Value>): Value | null {
  const [found, setFound] = useState<{ key: string; value: Value } | null>(null);
  useEffect(() => {
    let current = true;
    fetchIt(key).then((value) => {
      if (current) setFound({ key, value });
    }, () => undefined);
    return () => {
      current = false;
    };
  }, [key, fetchIt]);
  return found?.key === key ? found.value : null;
}
