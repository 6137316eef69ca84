/** Schemas of any size, such as applications have: 12 columns, a key, a check, a foreign key and an index to a table. */

/** The statements that create `tables` tables, each with what belongs to it in one statement. */
export function schemaStatements(tables: number): string[] {
  const types = "CREATE TYPE state AS ENUM ('new', 'open', 'closed')";
  return [types, ...Array.from({ length: tables }, (_, i) => tableStatement(i + 1))];
}

function tableStatement(number: number): string {
  const name = tableName(number);
  const parent = number === 1 ? "" : ` REFERENCES ${tableName(Math.ceil(number / 2))}`;
  return `CREATE TABLE ${name} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  name varchar(120) NOT NULL,
  note text,
  amount numeric(12, 2) NOT NULL DEFAULT 0,
  quantity integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
  active boolean NOT NULL DEFAULT true,
  state state NOT NULL DEFAULT 'new',
  payload jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz,
  parent_id bigint${parent}
);
CREATE INDEX ${name}_parent_id_idx ON ${name} (parent_id)`;
}

function tableName(number: number): string {
  return `t${String(number).padStart(5, "0")}`;
}

/** Migrations such as a project gathers: a table now and then, and columns for it. */
export function smallMigrations(count: number): { readonly up: string; readonly down: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const table = `"m${String(Math.floor(i / 4)).padStart(3, "0")}"`;
    return i % 4 === 0
      ? { up: `CREATE TABLE ${table} ("id" bigint PRIMARY KEY, "name" text NOT NULL)`, down: `DROP TABLE ${table}` }
      : {
          up: `ALTER TABLE ${table} ADD COLUMN "c${i % 4}" text`,
          down: `ALTER TABLE ${table} DROP COLUMN "c${i % 4}"`,
        };
  });
}
