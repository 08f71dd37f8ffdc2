/** What is worked out of something that does not change, once: where a thousand accounts ask the same of one history. */

/** The function, which remembers what it made of an object as long as that object is there. */
export function perObject<TObject extends object, TResult>(work: (of: TObject) => TResult): (of: TObject) => TResult {
  const known = new WeakMap<TObject, { readonly result: TResult }>();
  return (of) => {
    const found = known.get(of);
    if (found !== undefined) return found.result;
    const result = work(of);
    known.set(of, { result });
    return result;
  };
}
