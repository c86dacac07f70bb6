import { readState, writeState } from '../state/url-state.ts';
import { apiUrl } from '../api/url.ts';
import { alertsParameters, alertsQuery, alertWords, filterChips, noFilter, isFiltered } from './alert-filter.ts';

const stateOf = (query: string) => readState(alertsParameters, new URLSearchParams(query));

test('a link keeps the filter, and what it says goes to the server as matchers', () => {
  const state = stateOf('filter=service%3D"a,b"&severity=critical,warning&acknowledged=no&mine=1&receiver=team.a');
  expect(alertsQuery(state, 'ann')).toEqual({
    filter: ['service="a,b"', 'severity=~"critical|warning"'],
    state: '',
    receiver: String.raw`team\.a`,
    acknowledged: 'false',
    assignee: 'ann',
  });
  expect(alertWords(state, 'ann')).toEqual([
    ...['service="a,b"', 'severity=~"critical|warning"'],
    ...['--receiver', String.raw`team\.a`, '--assignee', 'ann', '--acknowledged', 'no'],
  ]);
  expect(apiUrl('alerts/groups', { filter: ['a="1"', 'b="2"'], state: '' })).toBe(
    '/api/v1/alerts/groups?filter=a%3D%221%22&filter=b%3D%222%22',
  );
});

test('every filter in force is a chip that takes it away and nothing else', () => {
  let state = stateOf('filter=a%3D1,b%3D2&severity=critical&receiver=x&acknowledged=yes&state=damped&mine=1&group=g');
  const words = filterChips(state).map((chip) => chip.words);
  expect(words).toEqual(['a=1', 'b=2', 'severity is critical', 'told to x', 'acknowledged', 'damped only', 'mine']);
  for (let left = words.length; left > 0; left--) {
    expect(filterChips(state)).toHaveLength(left);
    state = { ...state, ...filterChips(state)[0]?.without };
  }
  expect(isFiltered(state)).toBe(false);
  expect(state.group).toBe('g');
});

test('without filters the address says nothing of them', () => {
  expect(Object.values(writeState(alertsParameters, noFilter))).toEqual(['', '', '', '', '', '']);
});
