/** One value kept in this browser under `tmws.<name>`. Where storage is refused (private windows, policy) it lives as long as the page. */
export interface Stored {
  read(): string | undefined;
  write(value: string): void;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** @param open  how storage is had; it may throw */
export function stored(name: string, open: () => Storage = () => localStorage): Stored {
  let held: string | undefined;
  return {
    read() {
      try {
        return open().getItem(`tmws.${name}`) ?? held;
      } catch {
        return held;
      }
    },
    write(value) {
      held = value;
      try {
        open().setItem(`tmws.${name}`, value);
      } catch {
        // The choice holds until the page is left; nothing better can be done.
      }
    },
  };
}
