import { formatTotal, readDurations, readSummary } from './listing.ts';

test('counts are read with failures at the foot of the picture', () => {
  const { total, histogram, facets } = readSummary({
    total: '9007199254740',
    facets: [{ key: 'status', values: [{ value: 'failed', count: '3' }] }],
    histogram: {
      fromNs: '1772366400000000000',
      bucketNs: '1000000000',
      buckets: 2,
      series: [
        { status: 'completed', counts: [4, 0] },
        { status: 'failed', counts: [1, 2] },
      ],
    },
  });
  expect(total).toBe(9007199254740);
  expect(facets[0]?.values).toEqual([{ value: 'failed', count: 3 }]);
  expect(histogram).toMatchObject({ fromMs: 1_772_366_400_000, bucketMs: 1000, most: 5 });
  expect(histogram?.series.map(({ status }) => status)).toEqual(['failed', 'completed']);
  expect(readSummary({})).toMatchObject({ total: 0, histogram: undefined, atAnyTime: undefined });
});

test('an estimate is told as one', () => {
  expect([formatTotal(5120, false), formatTotal(1_234_567, true)]).toEqual(['5,120', 'about 1.2M']);
});

test('past durations are known by workflow', () => {
  expect(readDurations({ workflows: [{ workflow: 'etl', runs: 9, p50Ns: '5', p90Ns: '7', p95Ns: '8' }] }).get('etl')).toEqual({
    runs: 9,
    p50Ns: 5,
    p90Ns: 7,
    p95Ns: 8,
  });
});
