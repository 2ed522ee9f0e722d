/** Growing tables are declared in the Prisma schema by `/// @growing(column)`: partitioned by month, county_code in every key. */

export interface SchemaFile {
  path: string;
  content: string;
}

export interface GrowingTable {
  schema: string;
  table: string;
  /** Column that places a row in its month: a date or an instant. */
  column: string;
}

/** The growing tables that schema files declare. @throws Error when a marked model lacks @@map or @@schema */
export function growingTables(files: readonly SchemaFile[]): GrowingTable[] {
  return files.flatMap(({ content }) =>
    [...content.matchAll(/\/\/\/ @growing\((\w+)\)\nmodel (\w+) \{([\s\S]*?)\n\}/g)].map(
      ([, column = '', model = '', body = '']) => {
        const table = /@@map\("(\w+)"\)/.exec(body)?.[1];
        const schema = /@@schema\("(\w+)"\)/.exec(body)?.[1];
        if (!table || !schema) throw new Error(`Growing model ${model} needs @@map and @@schema`);
        return { schema, table, column };
      },
    ),
  );
}

/** Turns the plain `CREATE TABLE` of each growing table into a partitioned one with a default partition. */
export function declareGrowing(sql: string, tables: readonly GrowingTable[]): string {
  return tables.reduce((text, { schema, table, column }) => {
    const creation = new RegExp(`(CREATE TABLE "${schema}"\\."${table}" \\([\\s\\S]*?\\n\\));`);
    const partitioned = `$1 PARTITION BY RANGE ("${column}");\n\nCREATE TABLE "${schema}"."${table}_default" PARTITION OF "${schema}"."${table}" DEFAULT;`;
    return text.replace(creation, partitioned);
  }, sql);
}
