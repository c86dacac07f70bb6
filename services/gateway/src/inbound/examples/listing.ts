/** Recorded of generated runs: `GET /api/v1/executions/summary?q=status:failed`, shortened. */
export const summaryExample = {
  total: '41',
  estimated: false,
  terms: [{ start: 0, end: 13, key: 'status', not: false }],
  facets: [
    { key: 'status', values: [{ value: 'failed', count: '41' }], otherValues: 0, others: '0' },
    {
      key: 'workflow',
      values: [
        { value: 'research-agent', count: '30' },
        { value: 'nightly-etl', count: '11' },
      ],
      otherValues: 0,
      others: '0',
    },
  ],
  histogram: {
    fromNs: '1772366400000000000',
    bucketNs: '900000000000',
    buckets: 4,
    series: [{ status: 'failed', counts: [0, 30, 11, 0] }],
  },
  groups: [
    {
      fingerprint: '5f3b1c0d9e8a7b64',
      errorType: 'Timeout',
      message: 'no answer in * s',
      step: 'tool.search',
      count: 41,
      firstNs: '1772367300000000000',
      lastNs: '1772368800000000000',
      exampleIds: ['run-42', 'run-40'],
      q: 'status:failed error:Timeout message:"no answer in * s"',
    },
  ],
  failuresGrouped: 41,
  moreFailures: false,
};

export const durationsExample = {
  workflows: [
    {
      workflow: 'research-agent',
      runs: 200,
      p50Ns: '4200000000',
      p90Ns: '9100000000',
      p95Ns: '12400000000',
      maxNs: '31000000000',
    },
  ],
  lookedAt: 20000,
};

export const suggestionsExample = {
  start: 0,
  end: 2,
  items: [
    { text: 'status:', note: 'planned, running, completed, failed, cancelled, timed_out, unknown' },
    { text: 'started:', note: '>2h, <2026-03-01, a day' },
    { text: 'steps:', note: '>100, 7, 10..20' },
  ],
};
