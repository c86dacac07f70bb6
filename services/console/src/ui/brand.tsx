/** Three bars of a timeline: the sign of the console, as in icon.svg. */
export function Brand() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect class="brand-ground" width="32" height="32" rx="7" />
      <rect class="brand-bar" x="6" y="8" width="11" height="4" rx="2" />
      <rect class="brand-bar pale" x="12" y="14" width="14" height="4" rx="2" />
      <rect class="brand-bar" x="18" y="20" width="8" height="4" rx="2" />
    </svg>
  );
}
