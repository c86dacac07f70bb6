import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Room } from '../../model/list-columns.ts';

/** How much room the page has now. */
export function useRoom(): Signal<Room> {
  const room = useSignal<Room>(look());
  useEffect(() => {
    const onResize = (): void => void (room.value = look());
    addEventListener('resize', onResize);
    return () => removeEventListener('resize', onResize);
  }, []);
  return room;
}

const look = (): Room =>
  matchMedia('(max-width: 640px)').matches ? 'narrow' : matchMedia('(max-width: 1000px)').matches ? 'medium' : 'wide';
