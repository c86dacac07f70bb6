import { useEffect, useRef } from 'preact/hooks';
import type { AlertGroup } from '../../model/alert-group.ts';
import { useAlerts } from './alerts-context.ts';
import { GroupCard } from './group-card.tsx';
import { NearnessContext, useNear, useNearness } from './nearness.ts';

interface Props {
  groups: readonly AlertGroup[];
  /** The id of the one that is open. */
  open: string;
  /** There are further pages. */
  more: boolean;
  onMore(): void;
}

/** Drawn before it is known what is in sight. */
const atFirst = 12;

/** Groups in the server's order; of those far from the window only the room they take. */
export function GroupList({ groups, open, more, onMore }: Props) {
  const nearness = useNearness();
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  latest.current = onMore;
  useEffect(() => {
    if (end.current === null) return undefined;
    return nearness.watch(end.current, (near) => near && latest.current());
  }, [nearness, groups.length, more]);
  // A link to a group shows that group, also where it is not on the first page.
  const wanted = useRef(open);
  const found = groups.some(({ id }) => id === wanted.current);
  useEffect(() => {
    if (wanted.current === '') return;
    if (found) {
      document.getElementById(`group-${wanted.current}`)?.scrollIntoView({ block: 'start' });
      wanted.current = '';
    } else if (more) latest.current();
  }, [found, more, groups.length]);
  return (
    <NearnessContext.Provider value={nearness}>
      {wanted.current !== '' && !found && !more && (
        <p class="notice group-gone">The group this link names does not fire any more, or the filters hide it.</p>
      )}
      <ol class="cards" aria-label="Groups of alerts">
        {groups.map((group, at) => (
          <Place key={group.id} group={group} open={group.id === open} first={at < atFirst} />
        ))}
      </ol>
      <div ref={end} class="more quiet">
        {more && 'Loading more…'}
      </div>
    </NearnessContext.Provider>
  );
}

function Place({ group, open, first }: { group: AlertGroup; open: boolean; first: boolean }) {
  const { part } = useAlerts();
  const item = useRef<HTMLLIElement>(null);
  const { near, heightPx } = useNear(item, first);
  // What is being written is not lost by scrolling.
  const drawn = near.value || open || part.value?.group === group.id;
  return (
    <li
      ref={item}
      id={`group-${group.id}`}
      data-group={group.id}
      class="card-place"
      style={drawn ? undefined : { height: `${heightPx()}px` }}
    >
      {drawn && <GroupCard group={group} open={open} />}
    </li>
  );
}
