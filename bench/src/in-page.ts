// What is done within the page, as script: types of browsers are no part of this project's Node code.

/** When the first picture was drawn and when the last byte of its columns came, ms; and how many bytes those were, as sent. */
export const pictureTimes = `(() => {
  const [drawn] = performance.getEntriesByName('tmws timeline drawn');
  const columns = performance.getEntriesByType('resource').find(({ name }) => /\\/timeline(\\?|$)/.test(name));
  return { drawn: drawn.startTime, last: columns.responseEnd, bytes: columns.encodedBodySize };
})()`;

/** Half of the frames scroll, half zoom in and out where the pointer is. */
export const scrollAndZoom = (frames: number): string => `new Promise((resolve) => {
  const grid = document.querySelector('.gantt-grid');
  let frame = 0;
  const step = () => {
    if (frame >= ${frames}) return resolve();
    if (frame < ${frames} / 2) grid.scrollTop += 137;
    else {
      const { right, top } = grid.getBoundingClientRect();
      const deltaY = frame % 60 < 30 ? -60 : 60;
      const where = { clientX: right - 300, clientY: top + 50, bubbles: true, cancelable: true };
      grid.dispatchEvent(new WheelEvent('wheel', { ctrlKey: true, deltaY, ...where }));
    }
    frame++;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;
