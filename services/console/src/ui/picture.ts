/** Twice as many pixels as points: sharp on today's screens and in a chat. Larger pictures than this many pixels are made coarser, browsers refuse them. */
const scale = 2;
const mostPixels = 60_000_000;

/** A PNG of an SVG of this origin. @throws Error when the picture cannot be drawn */
export async function pngOf(svgUrl: string): Promise<Blob> {
  const image = new Image();
  image.src = svgUrl;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const by = Math.min(scale, Math.sqrt(mostPixels / (width * height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(width * by);
  canvas.height = Math.floor(height * by);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture is too large for a PNG.')) : resolve(blob)),
      'image/png',
    );
  });
}
