import type { Bench } from './bench.ts';
import { atrFigures } from './detection-atr.ts';
import { sigmaFigures } from './detection-sigma.ts';

/** Rules of others over events of others: Sigma's with their recorded events under `--data`, ATR's with their labelled cases under `--atr`. */
export const detection: Bench = {
  what: 'Sigma rules over the events recorded for them (--data DIR); ATR rules beside their own engine (--atr DIR of the package)',
  async run({ data, atr }) {
    if (data === undefined && atr === undefined)
      throw new Error('give a folder of Sigma rules: --data DIR, or of the ATR package: --atr DIR');
    return { ...(data === undefined ? {} : await sigmaFigures(data)), ...(atr === undefined ? {} : await atrFigures(atr)) };
  },
};
