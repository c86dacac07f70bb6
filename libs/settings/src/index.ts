export { cacheDirOf } from './cache-dir.ts';
export { loadSettings, type Settings, type SettingsOf } from './load-settings.ts';
export { choice, duration, integer, list, port, secret, text, type Setting } from './kinds.ts';
export { settingsTable } from './settings-table.ts';
