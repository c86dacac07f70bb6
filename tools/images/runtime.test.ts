import { linkedLibraries } from './runtime.ts';

test('the libraries of node are those ldd names with a path, the dynamic loader among them', () => {
  const ldd = [
    '\tlinux-vdso.so.1 (0x00007ffd5c5f2000)',
    '\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f1c8a8f0000)',
    '\tlibstdc++.so.6 => /usr/lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f1c8a600000)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f1c8a8fa000)',
  ];
  expect(linkedLibraries(ldd.join('\n'))).toEqual([
    '/lib/x86_64-linux-gnu/libdl.so.2',
    '/usr/lib/x86_64-linux-gnu/libstdc++.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ]);
});

test('a library this machine does not have is named', () => {
  expect(() => linkedLibraries('\tlibatomic.so.1 => not found\n')).toThrow('node needs libatomic.so.1');
});
