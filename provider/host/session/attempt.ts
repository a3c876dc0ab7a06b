/** What comes of it; undefined where it throws, and then the error goes elsewhere. */
export function attempt<T>(what: () => readonly T[], otherwise: (error: unknown) => void): readonly T[] | undefined {
  try {
    return what();
  } catch (error) {
    otherwise(error);
    return undefined;
  }
}
