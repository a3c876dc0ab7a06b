/** Calls `work`; on an exception passes it to `onError` and returns undefined. */
export function tryOr<T>(work: () => T, onError: (error: unknown) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    onError(error);
    return undefined;
  }
}
