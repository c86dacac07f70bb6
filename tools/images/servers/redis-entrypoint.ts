// Starts Redis as the image redis does: options or a file are the server's; a program's name is that program.
const given = process.argv.slice(2);
const [first = ''] = given;
const named = first === '' || first.startsWith('-') || first.endsWith('.conf') ? ['redis-server', ...given] : given;
const path = named[0]?.startsWith('/') === true ? named[0] : `/usr/bin/${named[0] ?? ''}`;
const env = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
// Debian's is built with protection on for who sets no address.
const bind = path.endsWith('redis-server') ? ['--bind', '*', '--dir', '/data', '--protected-mode', 'no'] : [];
const file = path.endsWith('redis-server') && named[1]?.endsWith('.conf') === true ? named.slice(1, 2) : [];
const rest = named.slice(1 + file.length);
process.execve?.(path, [path, ...file, ...bind, ...rest], Object.fromEntries(env));
