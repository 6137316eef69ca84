/** English, as far as names of tables go: what is not certain stays as it is. */

const irregular: Readonly<Record<string, string>> = {
  person: "people",
  child: "children",
  man: "men",
  woman: "women",
  mouse: "mice",
  foot: "feet",
  tooth: "teeth",
  index: "indexes",
  vertex: "vertices",
  matrix: "matrices",
  alias: "aliases",
  atlas: "atlases",
  canvas: "canvases",
  gas: "gases",
  analysis: "analyses",
  basis: "bases",
  crisis: "crises",
  diagnosis: "diagnoses",
  hypothesis: "hypotheses",
  thesis: "theses",
  movie: "movies",
  cookie: "cookies",
  tie: "ties",
  hero: "heroes",
  potato: "potatoes",
  cache: "caches",
  niche: "niches",
  quiz: "quizzes",
  leaf: "leaves",
  half: "halves",
  shelf: "shelves",
  wolf: "wolves",
  lens: "lenses",
  life: "lives",
  wife: "wives",
  knife: "knives",
  bus: "buses",
  bonus: "bonuses",
  campus: "campuses",
  census: "censuses",
  status: "statuses",
  virus: "viruses",
  criterion: "criteria",
  medium: "media",
};

const singulars = new Map(Object.entries(irregular).map(([one, many]) => [many, one]));
// A base is more common among tables than a basis.
singulars.set("bases", "base");

/** Words that are their own plural, or that look like a plural and are none. */
const unchanged = new Set(
  "news series species data metadata means sms gps https aws dns media info sheep fish chaos staff equipment".split(
    " ",
  ),
);

/** `users` → `user`, `categories` → `category`, `addresses` → `address`; `status`, `news` and `address` stay. */
export function singular(word: string): string {
  const known = singulars.get(word);
  if (known !== undefined && !unchanged.has(word)) return known;
  if (unchanged.has(word) || word in irregular || /(ss|us|is)$/.test(word) || !/[^s]s$/.test(word) || word.length < 4)
    return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** `user` → `users`, `category` → `categories`, `address` → `addresses`; a plural stays. */
export function plural(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (singulars.has(word) || singular(word) !== word) return word;
  if (unchanged.has(word)) return word;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|sh|ch|x|z)$/.test(word)) return `${word}es`;
  return `${word}s`;
}
