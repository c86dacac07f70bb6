// A Grafana dashboard out of a short description: rows of panels, each with its questions. Grafana's schema version 39 (10.x and later).

/** Units as Grafana calls them. */
export type Unit = 'short' | 's' | 'percentunit' | 'reqps' | 'ops' | 'bytes' | 'none' | 'bool_yes_no';

export interface Panel {
  readonly title: string;
  /** What it shows, and when to worry. */
  readonly description: string;
  readonly unit: Unit;
  /** A line for each series; a figure; or bars that say which series is how much. */
  readonly kind?: 'timeseries' | 'stat' | 'bargauge';
  /** PromQL by legend. `$own` stands for the selectors of the release and the job. */
  readonly queries: Readonly<Record<string, string>>;
  /** Of 24 columns; 8 unless told. */
  readonly width?: number;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** For ever the same: addresses hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Whose series `$own` means; a regular expression. */
  readonly job: string;
  readonly rows: readonly Row[];
}

const datasource = { type: 'prometheus', uid: '${datasource}' };
const columns = 24;
const panelHeight = 7;

/** The dashboard as Grafana takes it. */
export function grafanaJson({ uid, title, description, job, rows }: Dashboard): Record<string, unknown> {
  const own = `namespace=~"$namespace",release=~"$release",job=~"${job}"`;
  const panels: Record<string, unknown>[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { h: 1, w: columns, x: 0, y: y++ },
    });
    let x = 0;
    for (const panel of row.panels) {
      const w = panel.width ?? 8;
      if (x + w > columns) [x, y] = [0, y + panelHeight];
      panels.push({ id: panels.length + 1, gridPos: { h: panelHeight, w, x, y }, ...panelJson(panel, own) });
      x += w;
    }
    y += panelHeight;
  }
  return {
    ...{ uid, title, description, tags: ['tmws'], schemaVersion: 39, version: 1, editable: true, graphTooltip: 1 },
    ...{ timezone: 'browser', refresh: '30s', time: { from: 'now-3h', to: 'now' } },
    links: [{ type: 'dashboards', title: 'TMWS', tags: ['tmws'], asDropdown: true, includeVars: true, keepTime: true }],
    templating: {
      list: [datasourceVariable, variable('namespace', 'tmws_ready'), variable('release', 'tmws_ready{namespace=~"$namespace"}')],
    },
    panels,
  };
}

function panelJson({ title, description, unit, kind = 'timeseries', queries }: Panel, own: string): Record<string, unknown> {
  const targets = Object.entries(queries).map(([legend, query], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr: query.replaceAll('$own', own),
    legendFormat: legend,
    ...(kind === 'timeseries' ? { range: true } : { instant: true }),
  }));
  const lines = { custom: { lineWidth: 1, fillOpacity: 10, showPoints: 'never' } };
  return {
    ...{ type: kind, title, description, datasource, targets },
    fieldConfig: { defaults: { unit, min: 0, ...(kind === 'timeseries' && lines) }, overrides: [] },
    options:
      kind === 'timeseries'
        ? { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } }
        : { reduceOptions: { calcs: ['lastNotNull'], values: false, fields: '' } },
  };
}

const datasourceVariable = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0 };

const variable = (name: string, series: string): Record<string, unknown> => ({
  ...{ name, label: name, type: 'query', datasource, refresh: 2, sort: 1 },
  query: { query: `label_values(${series}, ${name})`, refId: name },
  ...{ includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } },
});
