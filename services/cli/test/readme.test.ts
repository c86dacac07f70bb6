import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes } from '../src/failure.ts';
import { helpTopics } from '../src/help-topics.ts';
import { buildProgram } from '../src/program.ts';
import { paperTerminal } from './paper-terminal.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function leaves(command: Command, words: string[] = []): string[] {
  if (command.commands.length === 0) return [words.join(' ')];
  return command.commands.flatMap((inner) => leaves(inner, [...words, inner.name()]));
}

test('the README lists exactly the commands there are', () => {
  const program = buildProgram(paperTerminal().terminal, () => undefined);
  // A row may be about several.
  const cells = [...readme.matchAll(/^\| (`tmws [^|]*) \|/gm)].map(([, cell = '']) => cell);
  const listed = cells
    .flatMap((cell) => [...cell.matchAll(/`tmws ([a-z ]+?)(?= ?[^a-z ])/g)])
    .map(([, words = '']) => words.trim());
  expect(listed.sort()).toEqual(leaves(program).sort());
});

test('the help on exit codes lists exactly the codes there are', () => {
  const listed = [...(helpTopics['exit-codes'] ?? '').matchAll(/^(\d+) /gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
});
