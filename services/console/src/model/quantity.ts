const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size to about three digits: `73.4 MiB`. */
export function formatBytes(bytes: number): string {
  let [value, at] = [bytes, 0];
  while (value >= 1_024 && at < units.length - 1) {
    value /= 1_024;
    at++;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[at] ?? 'B'}`;
}

/** A number with its thousands apart: `12,834`. */
const grouped = new Intl.NumberFormat('en-US');
export const formatCount = (count: number): string => grouped.format(count);

const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const parts = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });

/** An amount to the cent, below a dime to two digits: `$1,204.50`, `$0.0042`. */
export const formatCost = (usd: number): string => (usd === 0 || usd >= 0.1 ? cents : parts).format(usd);
