/** Rules, a sentence a line, as people read and sign them. */
export function RulesText({ text }: { text: string }) {
  return (
    <ol className="mb-5 list-decimal space-y-1.5 rounded-card border border-line bg-card py-4 pr-5 pl-10">
      {text.split("\n").map((sentence) => (
        <li key={sentence}>
          <bdi>{sentence}</bdi>
        </li>
      ))}
    </ol>
  );
}
