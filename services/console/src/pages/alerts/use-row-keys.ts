import { useKeys } from '../../state/use-keys.ts';

/**
 * `j` and `k` go from row to row of a list, `Enter` opens the one that has the focus, as it is a link or a button.
 *
 * @param rows      what takes the focus in each row
 * @param onSelect  `x` on a row, which is told by its place; `false`: it cannot be selected
 */
export function useRowKeys(rows: string, onSelect?: (at: number) => boolean): void {
  const all = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(rows)];
  const here = (those: readonly HTMLElement[]): number =>
    those.findIndex((each) => each === document.activeElement || each.closest('li')?.contains(document.activeElement) === true);
  const go = (step: 1 | -1) => (): boolean => {
    const those = all();
    const at = here(those);
    const next = those[at < 0 ? (step === 1 ? 0 : those.length - 1) : at + step];
    next?.focus();
    next?.closest('li')?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  };
  useKeys({
    next: go(1),
    previous: go(-1),
    ...(onSelect !== undefined && {
      select: () => {
        const at = here(all());
        return at >= 0 && onSelect(at);
      },
    }),
  });
}
