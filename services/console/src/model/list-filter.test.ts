import { readState, writeState } from '../state/url-state.ts';
import {
  chipsOf,
  facetTerm,
  filterQuery,
  filterWords,
  hiddenBy,
  isFiltered,
  listParameters,
  toggleFailures,
  withTerm,
} from './list-filter.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);
const stateOf = (search: string) => readState(listParameters, new URLSearchParams(search));
const words = (search: string, terms: { start: number; end: number }[] = []) =>
  chipsOf(stateOf(search), terms, (text) => text).map(({ words: each, without }) => [each, without]);

test('a link says which executions, in what order and with which columns; what it does not know is left out', () => {
  const state = stateOf('q=etl+steps:>1&status=failed&range=24h&sort=-duration&cols=id,nonsense,name');
  expect(state).toMatchObject({ q: 'etl steps:>1', status: ['failed'], range: '24h', sort: '-duration', cols: ['id', 'name'] });
  expect(writeState(listParameters, state)).toMatchObject({ sort: '-duration', cols: 'id,name', workflow: '' });
  expect(stateOf('sort=age&range=soon')).toMatchObject({ sort: '-startedAt', range: '' });
});

test('a moving range is sent as where it begins now', () => {
  expect(filterQuery(stateOf('range=24h&q= x '), nowMs)).toEqual({
    q: 'x',
    status: '',
    workflow: '',
    from: '2026-02-28T12:00:00.000Z',
    to: '',
  });
  expect(filterWords(stateOf('range=1h&q=x&status=failed,timed_out'), nowMs)).toEqual([
    '--status',
    'failed,timed_out',
    '--query',
    'x started:>=2026-03-01T11:00:00.000Z',
  ]);
});

test('a filter is told with what it hides by itself', () => {
  const alone = chipsOf(stateOf('q=etl&status=failed,timed_out&workflow=w&range=1h'), [], (text) => text).map(
    (each) => each.alone,
  );
  const status = ['failed', 'timed_out'];
  expect(alone).toEqual([{ q: 'etl' }, { status }, { status }, { workflow: 'w' }, { range: '1h' }]);
  expect([hiddenBy(0, 14), hiddenBy(2, 1_400), hiddenBy(14, 14), hiddenBy(15, 14)]).toEqual(['all', '1,398', '0', '0']);
  expect([hiddenBy(0, -1), hiddenBy(5, -1)]).toEqual(['all', undefined]);
});

test('every active filter is a chip that takes just itself away, and the default range is told', () => {
  expect(words('')).toEqual([['any time', undefined]]);
  expect(
    words('q=etl+-status:failed+x&range=7d', [
      { start: 0, end: 3 },
      { start: 4, end: 18 },
      { start: 19, end: 20 },
    ]),
  ).toEqual([
    ['etl', { q: '-status:failed x' }],
    ['-status:failed', { q: 'etl x' }],
    ['x', { q: 'etl -status:failed' }],
    ['last 7 d', { range: '' }],
  ]);
  expect(words('status=failed,timed_out&from=a&to=b')).toEqual([
    ['state: failed', { status: ['timed_out'] }],
    ['state: timed out', { status: ['failed'] }],
    ['from a', { from: '' }],
    ['before b', { to: '' }],
  ]);
  expect(words('q=what+the+server+has+not+read')).toEqual([
    ['what the server has not read', { q: '' }],
    ['any time', undefined],
  ]);
  expect([isFiltered(stateOf('sort=duration')), isFiltered(stateOf('range=1h'))]).toEqual([false, true]);
});

test('failures only is switched on and off', () => {
  expect(toggleFailures(stateOf('status=running'))).toEqual({ status: ['failed', 'timed_out'] });
  expect(toggleFailures(stateOf('status=failed,timed_out'))).toEqual({ status: [] });
});

test('a value of a facet becomes a term that means just that value, once', () => {
  expect(facetTerm('workflow', 'etl')).toBe('workflow:etl');
  expect(facetTerm('workflow', 'a "b", *')).toBe(String.raw`workflow:"a \"b\", \*"`);
  expect(facetTerm('error', '')).toBe('-error:*');
  expect(withTerm('x', 'workflow:etl')).toBe('x workflow:etl');
  expect(withTerm('workflow:etl x', 'workflow:etl')).toBe('workflow:etl x');
});
