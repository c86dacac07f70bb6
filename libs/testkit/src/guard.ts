// What must not outlive this process, however it ends: its children and their folders.
//
// A handler in this process cannot run when it is killed with SIGKILL. So a small shell stands beside it (in a session of its
// own: Ctrl-C does not reach it) and reads from a pipe what to end. When the pipe closes, this process is gone, for whatever
// reason: the shell signals the process groups still held, kills what has not gone after 3 s, removes the folders, and ends.
//
//   +QUIT 4711      hold process group 4711; end it with SIGQUIT
//   +dir /tmp/x     hold a folder
//   -QUIT 4711      let it go: it has ended by itself
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { type Writable } from 'node:stream';

const script = `
trap '' HUP INT TERM
held=
nl='
'
while IFS= read -r line; do
  what=\${line#?}
  case $line in
    +*) held="$held$what$nl" ;;
    -*) held=$(printf '%s' "$held" | grep -Fxv -e "$what")$nl ;;
  esac
done
each() { printf '%s' "$held" | while IFS=' ' read -r how which; do case $how in '') ;; dir) [ "$1" = folders ] && remove "$which" ;; *) [ "$1" = folders ] || "$1" "$how" "$which" ;; esac; done; }
signal() { kill -s "$1" -- "-$2"; }
signalHard() { kill -s KILL -- "-$2"; }
lives() { kill -s 0 -- "-$2" && echo yes; }
remove() { for try in 1 2 3 4 5; do rm -rf -- "$1" && break; sleep 0.2; done; }
each signal
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  [ -z "$(each lives)" ] && break
  sleep 0.1
done
each signalHard
each folders
`;

export type EndingSignal = 'KILL' | 'QUIT' | 'TERM';

/** What the shell's command line ends with. */
export const guardName = 'tmws-guard';

let shell: ChildProcessByStdio<Writable, null, null> | undefined;

function tell(line: string): void {
  if (shell === undefined) {
    shell = spawn('/bin/sh', ['-c', script, guardName], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    shell.unref();
    (shell.stdin as Writable & { unref?: () => void }).unref?.();
    shell.stdin.on('error', () => undefined);
  }
  shell.stdin.write(`${line}\n`);
}

/** Ends the process group `pid` by `signal` when this process is gone. */
export const holdGroup = (pid: number, signal: EndingSignal) => tell(`+${signal} ${pid}`);
export const releaseGroup = (pid: number, signal: EndingSignal) => tell(`-${signal} ${pid}`);

/** Removes the folder when this process is gone. */
export const holdFolder = (path: string) => tell(`+dir ${path}`);
export const releaseFolder = (path: string) => tell(`-dir ${path}`);
