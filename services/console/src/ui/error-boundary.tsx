import { Component, type ComponentChildren } from 'preact';
import { copyText } from './clipboard.ts';

interface State {
  error?: Error;
}

/** A fault of a page stays in the page: the frame around it goes on working. */
export class ErrorBoundary extends Component<{ children: ComponentChildren }, State> {
  override state: State = {};

  static override getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <section class="problem" role="alert">
        <div>
          <strong>This page has a fault.</strong>
          <p>{error.message}</p>
          <p>Nothing was lost on the server; the other pages still work.</p>
        </div>
        <div class="problem-ways">
          <button type="button" onClick={() => this.setState({ error: undefined as never })}>
            Try again
          </button>
          <button type="button" onClick={() => void copyText(`${error.stack ?? error.message}\nPage ${location.href}`)}>
            Copy details
          </button>
        </div>
      </section>
    );
  }
}
