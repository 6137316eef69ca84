import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import {
  and,
  type Condition,
  case_,
  createEngine,
  type Engine,
  type Expression,
  literal,
  not,
  or,
  Session,
  select,
  showSql,
  sql,
} from "../../src/index.js";
import { imageCache } from "../support/embedded.js";

/** An expression with the value that it has by JavaScript's own reckoning. */
interface Known<Node, Value> {
  readonly node: Node;
  readonly value: Value;
}
type Number = Known<Expression<number>, number>;
type Truth = Known<Condition, boolean>;

const arithmetic = {
  plus: (a: number, b: number) => a + b,
  minus: (a: number, b: number) => a - b,
  // SQL's integers have no negative zero.
  times: (a: number, b: number) => a * b + 0,
};
const comparisons = {
  eq: (a: number, b: number) => a === b,
  ne: (a: number, b: number) => a !== b,
  lt: (a: number, b: number) => a < b,
  gte: (a: number, b: number) => a >= b,
  isDistinctFrom: (a: number, b: number) => a !== b,
};
const keysOf = <T extends object>(object: T) => fc.constantFrom(...(Object.keys(object) as (keyof T)[])); // its own keys

/** Trees of numbers and conditions, the operators between them chosen at random. */
const { number, truth } = fc.letrec<{ number: Number; truth: Truth }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: -9, max: 9 }).map((value) => ({ node: literal(value), value })),
    fc.tuple(keysOf(arithmetic), tie("number"), tie("number")).map(([operator, a, b]) => ({
      node: a.node[operator](b.node),
      value: arithmetic[operator](a.value, b.value),
    })),
    fc.tuple(tie("truth"), tie("number"), tie("number")).map(([condition, a, b]) => ({
      node: case_([[condition.node, a.node]], b.node),
      value: condition.value ? a.value : b.value,
    })),
  ),
  truth: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(keysOf(comparisons), tie("number"), tie("number")).map(([operator, a, b]) => ({
      node: a.node[operator](b.node),
      value: comparisons[operator](a.value, b.value),
    })),
    fc.array(tie("truth"), { maxLength: 3 }).map((all) => ({
      node: and(...all.map(({ node }) => node)),
      value: all.every(({ value }) => value),
    })),
    fc.array(tie("truth"), { maxLength: 3 }).map((all) => ({
      node: or(...all.map(({ node }) => node)),
      value: all.some(({ value }) => value),
    })),
    tie("truth").map((one) => ({ node: not(one.node), value: !one.value })),
    fc.tuple(tie("truth"), tie("truth")).map(([a, b]) => ({ node: a.node.eq(b.node), value: a.value === b.value })),
    fc.tuple(tie("number"), tie("number"), tie("number")).map(([a, b, c]) => ({
      node: a.node.between(b.node, c.node),
      value: a.value >= b.value && a.value <= c.value,
    })),
    fc.tuple(tie("number"), fc.array(tie("number"), { minLength: 1, maxLength: 3 })).map(([a, list]) => ({
      node: a.node.in(list.map(({ node }) => node)),
      value: list.some(({ value }) => value === a.value),
    })),
  ),
}));

describe("expressions mean what they were put together from", () => {
  let engine: Engine | undefined;
  before(() => {
    engine = createEngine("pglite:memory", { imageCache, extensions: [] });
  });
  after(() => engine?.dispose());

  const evaluated = async (statement: Parameters<Session["execute"]>[0]) => {
    await using session = new Session(engine!);
    return (await session.execute(statement)).tuples().all();
  };

  test("with parameters, and with literals", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(number, { minLength: 1, maxLength: 5 }),
        fc.array(truth, { maxLength: 5 }),
        async (numbers, truths) => {
          const known = [...numbers, ...truths];
          const statement = select(...known.map(({ node }) => node));
          const expected = [known.map(({ value }) => value)];
          assert.deepEqual(await evaluated(statement), expected);
          assert.deepEqual(await evaluated(sql.raw(showSql(statement))), expected);
        },
      ),
      { numRuns: 60 },
    ));

  test("in WHERE", () =>
    fc.assert(
      fc.asyncProperty(fc.array(truth, { minLength: 1, maxLength: 4 }), async (truths) => {
        const statement = select(literal(1)).where(...truths.map(({ node }) => node));
        const holds = truths.every(({ value }) => value);
        assert.deepEqual(await evaluated(statement), holds ? [[1]] : []);
      }),
      { numRuns: 60 },
    ));

  test("text comes back as it was given, as a parameter and as a literal", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }).filter((text) => !/\0|\p{Surrogate}/u.test(text)),
        async (text) => {
          const statement = select(literal(text), literal({ [text]: text }));
          const expected = [[text, { [text]: text }]];
          assert.deepEqual(await evaluated(statement), expected);
          assert.deepEqual(await evaluated(sql.raw(showSql(statement))), expected);
        },
      ),
      { numRuns: 60 },
    ));
});
