/** A rule as it lies in its file, each line with its number. */
export function RuleText({ text }: { text: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <pre class="config rule-text" tabIndex={0} aria-label="Text of the rule">
      {lines.map((line, at) => (
        <span key={at} class="rule-line">
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
