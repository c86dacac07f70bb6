import { Component, type ComponentChild, type FunctionComponent, h } from 'preact';

/** A component drawn anew only when one of its properties is another value; signals it reads still draw it. */
export function memo<Props extends object>(draw: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return Object.entries(next).some(([name, value]) => value !== (this.props as Record<string, unknown>)[name]);
    }
    override render(): ComponentChild {
      return h(draw, this.props as never);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
