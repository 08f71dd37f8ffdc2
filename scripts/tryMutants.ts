import { contractMutants } from "./contractMutants.ts";

const t = Date.now();
try {
  for (const r of contractMutants(process.argv[2], (w, d, t2) => console.log(d, t2, w)))
    console.log(r.outcome, r.file, r.name);
} catch (e) {
  console.log((e as Error).message);
}
console.log((Date.now() - t) / 1000);
