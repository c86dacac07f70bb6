import { useSignal } from '@preact/signals';
import type { Query } from '../../api/url.ts';
import { useConsole } from '../../state/console.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';

/** All that match as a file, not only what is shown. The browser takes it as it comes. */
export function ExportMenu({ filter }: { filter(): Query }) {
  const { api, announcer } = useConsole();
  const open = useSignal(false);
  const take = (format: 'csv' | 'jsonl'): void => {
    const link = document.createElement('a');
    link.href = api.urlOf('executions/export', { ...filter(), format });
    link.download = `executions.${format}`;
    link.click();
    announcer.say('The export comes as a download');
  };
  return (
    <Menu label="Export all that match" open={open} button="Export">
      <MenuItem onChoose={() => take('csv')}>CSV, for spreadsheets</MenuItem>
      <MenuItem onChoose={() => take('jsonl')}>JSONL, an execution a line</MenuItem>
    </Menu>
  );
}
