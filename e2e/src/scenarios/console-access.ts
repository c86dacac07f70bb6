// The console of a fleet that asks who one is, in a real browser: one comes in, works, sees it in the audit, and leaves.
import { strict as assert } from 'node:assert';
import { eventually } from '@tmws/testkit';
import type { Page } from 'playwright-core';
import { type Opened, openPage, phone } from '../browser/open-browser.ts';
import { enterKey, faultsOfView, type GuardedStage, openGuardedStage, signedOut } from '../browser/sign-in.ts';
import type { Scenario } from '../scenario.ts';

export function consoleAccessScenarios(): Scenario[] {
  return [{ name: 'console sign-in: in by key, live, in the audit, out again; a revoked key ends its streams', run: signIn }];
}

// The browser itself tells of refusals, and of streams that are cut off.
const expected = /40[134] \(|ERR_INCOMPLETE_CHUNKED_ENCODING|net::ERR/;
const unknownKey = `tmws_0f3a11aa_${'x'.repeat(43)}`;

async function signIn(): Promise<void> {
  await using stage = await openGuardedStage();
  const { browser, url, adminKey } = stage;
  await using admin = await openPage(browser, url, { expected, reducedMotion: 'reduce' });
  const { page } = admin;
  await comesIn(page, adminKey);
  await followsTheDemo(page);

  await page.goto('/audit/keys');
  await page.getByRole('button', { name: 'New key' }).waitFor();
  await signsInElsewhere(page, adminKey);
  const viewerKey = await makesKey(page);
  await using viewer = await asViewer(stage, viewerKey);
  await page.getByRole('button', { name: 'Revoke ci' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('No API key yet').waitFor();
  const found = await readsAudit(page);
  found.push(...(await onPhone(stage)));
  // Its stream is cut off within ten seconds, and that is no reason to go on trying.
  await signedOut(viewer.page).waitFor({ timeout: 30_000 });
  await viewer.page.getByText('The session is over.').waitFor();

  await page.goto('/audit?type=tmws.auth.failed');
  await page.locator('.audit-rows').waitFor();
  await page.getByRole('button', { name: 'Signed in as admin' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/audit?type=tmws.auth.failed');
  assert.equal(await page.evaluate("fetch('/api/v1/executions').then(({ status }) => status)"), 401);
  assert.deepEqual([...found, ...admin.faults, ...viewer.faults], []);
}

/** A wrong key is named, the right one shows what was asked for, and no secret stays where scripts or people can read it. */
async function comesIn(page: Page, adminKey: string): Promise<void> {
  const asked = '/executions/run-x?tab=table';
  await page.goto(asked);
  await signedOut(page).waitFor();
  await enterKey(page, unknownKey);
  const fault = page.getByText('The key tmws_0f3a11aa is not taken');
  await fault.waitFor();
  assert.doesNotMatch(await fault.innerText(), /xxx/);
  await enterKey(page, adminKey);
  await page.getByText('there is no execution "run-x"').waitFor();
  assert.ok(page.url().endsWith(asked), page.url());
  const kept = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
  );
  assert.ok(!kept.includes(adminKey) && !kept.includes('tmws_session'), kept);
}

/** What changes something is let through, the stream goes on after a reload. */
async function followsTheDemo(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Play the demo' }).click();
  await page.waitForURL(/\/executions\/./);
  await page.locator('.live-live').waitFor();
  await page.reload();
  await page.locator('.live-live').waitFor();
  // Its steps are planned, so all are there; more and more of them are done.
  const done = () => page.locator('.gantt-row:not([hidden]) [data-status="completed"]').count();
  await page.locator('.gantt-row:not([hidden])').first().waitFor();
  const before = await done();
  await eventually(async () => assert.ok((await done()) > before, `still ${before} steps are done`), { timeoutMs: 60_000 });
}

/** Another page of the browser begins a session of its own, which this one is not told of: what it changes next goes through all the same. */
async function signsInElsewhere(page: Page, key: string): Promise<void> {
  const status = await page.evaluate(async (given) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/v1/session', { method: 'POST', headers, body: JSON.stringify({ key: given }) })).status;
  }, key);
  assert.equal(status, 200);
}

/** @returns the key, which is shown only here */
async function makesKey(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('For whom or what').fill('ci');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.locator('.key-form code').innerText();
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.locator('.keys li').waitFor();
  return key;
}

/** Who may only look is offered nothing else. */
async function asViewer({ browser, url }: GuardedStage, key: string): Promise<Opened> {
  const viewer = await openPage(browser, url, { expected });
  const { page } = viewer;
  await page.goto('/audit');
  await enterKey(page, key);
  await page.getByText('The audit is for admins').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  await page.getByRole('link', { name: 'Executions', exact: true }).click();
  await page.locator('table.executions tbody tr[data-id]').first().waitFor();
  await page.locator('.live-live').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Play the demo' }).count(), 0);
  return viewer;
}

/** What was done here is there, in words, and the chain is whole. @returns faults of how it looks */
async function readsAudit(page: Page): Promise<string[]> {
  const found = await faultsOfView(page, 'API keys');
  await page.getByRole('link', { name: 'Log' }).click();
  for (const words of ['refused: no such key', 'signed in', /^made the key tmws_[0-9a-f]{8} \(ci\)/, /^revoked the key/])
    await page.locator('.audit-rows').getByText(words).first().waitFor();
  assert.equal(await page.getByText('refused: no credential').count(), 0, 'opening the console is no failed sign-in');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.locator('.audit-verify').getByText('are as they were written, and none is missing').waitFor();
  await page.locator('.audit-rows summary').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.audit-rows details[open]').waitFor();
  return [...found, ...(await faultsOfView(page, 'audit'))];
}

async function onPhone({ browser, url, adminKey }: GuardedStage): Promise<string[]> {
  await using opened = await openPage(browser, url, { viewport: phone, expected, reducedMotion: 'reduce' });
  const { page } = opened;
  await page.goto('/audit');
  await signedOut(page).waitFor();
  const found = await faultsOfView(page, 'sign-in');
  await enterKey(page, adminKey);
  await page.locator('.audit-rows summary').first().click();
  found.push(...(await faultsOfView(page, 'audit')));
  await page.getByRole('button', { name: 'Signed in as admin' }).click();
  found.push(...(await faultsOfView(page, 'who is signed in')));
  return [...found, ...opened.faults];
}
