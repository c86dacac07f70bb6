// What axe finds in a view as it is.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** Which of axe's rules are asked: all, or those that another theme can break. */
export type Rules = 'all' | 'colours';

/** Serious and critical violations of WCAG A and AA (to 2.2) and of axe's best practices, one line each. */
export async function seriousFaults(page: Page, rules: Rules): Promise<string[]> {
  if ((await page.evaluate("typeof globalThis.axe === 'undefined'")) === true) await page.evaluate(axe.source);
  const only = rules === 'all' ? '' : "runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },";
  // Incomplete results are axe's own doubts, not faults.
  const found = await page.evaluate(
    `axe.run(document, { ${only} resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return (found as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const where = nodes
        .slice(0, 3)
        .map(({ target, failureSummary = '' }) => `${target.join(' ')} (${failureSummary.replaceAll(/\s+/g, ' ')})`);
      return `${id}: ${help}; ${nodes.length} times: ${where.join('; ')}`;
    });
}
