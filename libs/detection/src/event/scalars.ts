export type Scalar = string | number | bigint | boolean | null;

export interface Limits {
  /** How many values may still be read. */
  left: number;
  cut: boolean;
}

const maxDepth = 32;
const headUnits = 196_608;
const tailUnits = 65_536;

/** Every scalar inside a value, in its order; what is none (undefined, functions) is not there. */
export function scalarsOf(value: unknown, limits: Limits): Scalar[] {
  const found: Scalar[] = [];
  const visit = (each: unknown, depth: number): void => {
    if (limits.left <= 0 || depth > maxDepth) {
      limits.cut = true;
    } else if (isScalar(each)) {
      limits.left -= 1;
      found.push(each);
    } else if (typeof each === 'object') {
      for (const inner of Object.values(each)) visit(inner, depth + 1);
    }
  };
  visit(value, 0);
  return found;
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** A huge text by its beginning and its end, with a unit between them that no text has. */
export function cutText(text: string): string {
  if (text.length <= headUnits + tailUnits) return text;
  return `${text.slice(0, headUnits)}\uffff${text.slice(-tailUnits)}`;
}
