import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  count: number;
  onSend(text: string): Promise<void>;
  onClose(): void;
}

/** The most the server takes. */
const most = 4_000;

/** A note to the history of alerts. */
export function NoteForm({ count, onSend, onClose }: Props) {
  const text = useSignal('');
  const lack = useSignal(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => box.current?.focus(), []);
  const send = (event: Event): void => {
    event.preventDefault();
    lack.value = text.value.trim() === '';
    if (lack.value) box.current?.focus();
    else void onSend(text.value.trim());
  };
  return (
    <form
      class="part note-form"
      onSubmit={send}
      onKeyDown={(event) => event.key === 'Escape' && (event.preventDefault(), onClose())}
    >
      <label for={id}>Note on {count === 1 ? 'this alert' : `these ${count.toLocaleString('en')} alerts`}</label>
      <textarea
        ref={box}
        id={id}
        rows={3}
        maxLength={most}
        value={text.value}
        aria-invalid={lack.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        placeholder="What is known, what was tried"
      />
      {lack.value && <p class="problem-line">Write something first.</p>}
      <div class="actions">
        <button type="submit" class="primary">
          Add the note
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
