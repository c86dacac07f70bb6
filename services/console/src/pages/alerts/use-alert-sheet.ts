import { useMemo } from 'preact/hooks';
import text from '../../styles/alerts.sheet.css';

/** Puts the styles of these pages to use, once: they come with the script and not with every first visit. */
export function useAlertSheet(): void {
  useMemo(() => {
    if (document.documentElement.dataset.alertSheet !== undefined) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    document.documentElement.dataset.alertSheet = '';
  }, []);
}
