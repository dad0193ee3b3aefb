// Makes the ids of a sentence, by the rules in vocabulary.json:
// const tokenize = tokenizer(await (await fetch("vocabulary.json")).json());
export function tokenizer(rules) {
  const ids = new Map(rules.words.map((word, i) => [word, i + 2]));
  const ranks = new Map((rules.pairs ?? []).map(([a, b], i) => [`${a}\n${b}`, i]));
  const fold = new Map(Object.entries(rules.fold));
  const code = (x) => `\\u{${x.toString(16)}}`;
  const ends = rules.alone.map(([a, b]) => `${code(a)}-${code(b)}`).join("");
  const alone = new RegExp(`([${ends || code(0x10ffff)}])`, "gu");

  // Returns a word, or the pieces that its characters are joined to.
  function pieces(word) {
    if (!rules.pairs) return [word];
    const parts = [...word];
    parts[parts.length - 1] += " ";
    for (;;) {
      let best = ranks.size, place = -1;
      for (let i = 0; i + 1 < parts.length; i++) {
        const rank = ranks.get(`${parts[i]}\n${parts[i + 1]}`) ?? ranks.size;
        if (rank < best) [best, place] = [rank, i];
      }
      if (place < 0) return parts;
      parts.splice(place, 2, parts[place] + parts[place + 1]);
    }
  }

  // Returns `length` ids: of the words that are known, then 0.
  return (text, length = rules.length) => {
    const whole = text.replace(/[\ud800-\udfff]/gu, "\ufffd");
    const folded = [...whole].map((char) => fold.get(char) ?? char).join("");
    const words = folded.replace(alone, " $1 ").split(" ").filter(Boolean);
    const cut = words.map(pieces).filter((parts) => parts.every((p) => ids.has(p)));
    const known = cut.flat().map((part) => ids.get(part));
    if (!known.length) known.push(1);
    return Int32Array.from({ length }, (_, i) => known[i] ?? 0);
  };
}
