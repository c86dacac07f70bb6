// How far apart colours are, for whom: sRGB → CIELAB (D65), the difference CIEDE2000 (Sharma, Wu, Dalal 2005), colour vision deficiencies
// after Machado, Oliveira, Fernandes 2009 at full severity, contrast as WCAG 2.2 has it.

type Triple = readonly [number, number, number];

/** Linear RGB of `#rrggbb`. */
function linearOf(hex: string): Triple {
  if (!/^#[0-9a-f]{6}$/.test(hex)) throw new Error(`a colour must be #rrggbb in small letters (got ${JSON.stringify(hex)})`);
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const times = (rows: readonly Triple[], [r, g, b]: Triple): Triple =>
  rows.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Triple;

/** What people see, by how they see: linear RGB to linear RGB. */
export const visions = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, readonly Triple[]>;
export type Vision = keyof typeof visions;

const toXyz: readonly Triple[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const white: Triple = [0.95047, 1, 1.08883];

/** CIELAB of a colour as someone with that vision sees it. */
export function labOf(hex: string, vision: Vision = 'normal'): Triple {
  const seen = times(visions[vision], linearOf(hex)).map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(toXyz, seen).map((value, at) => {
    const part = value / (white[at] ?? 1);
    return part > 216 / 24_389 ? Math.cbrt(part) : ((24_389 / 27) * part + 16) / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const radians = Math.PI / 180;
const hueOf = (a: number, b: number): number => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / radians + 360) % 360);

/** CIEDE2000 with kL = kC = kH = 1. */
export function deltaE2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const bent = (chroma: number): number => Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
  const stretch = 1 + 0.5 * (1 - bent((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [c1, c2] = [Math.hypot(a1 * stretch, b1), Math.hypot(a2 * stretch, b2)];
  const [h1, h2] = [hueOf(a1 * stretch, b1), hueOf(a2 * stretch, b2)];
  const grey = c1 * c2 === 0;
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const [deltaL, deltaC, deltaH] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * radians)];
  const [lightness, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const hue = grey ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
  const cos = (times: number, by: number): number => Math.cos((times * hue + by) * radians);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const rotation = -Math.sin(60 * radians * Math.exp(-(((hue - 275) / 25) ** 2))) * 2 * bent(chroma);
  const byL = deltaL / (1 + (0.015 * (lightness - 50) ** 2) / Math.sqrt(20 + (lightness - 50) ** 2));
  const byC = deltaC / (1 + 0.045 * chroma);
  const byH = deltaH / (1 + 0.015 * chroma * t);
  return Math.sqrt(byL ** 2 + byC ** 2 + byH ** 2 + rotation * byC * byH);
}

/** WCAG 2.2 contrast, 1 to 21. */
export function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => times(toXyz, linearOf(hex))[1];
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
