import { declareGrowing, growingTables } from './growing.tables.js';

const schema = [
  {
    path: 'a.prisma',
    content: `/// Scans.\n/// @growing(claimed_at)\nmodel Scan {\n  id String\n  @@id([id])\n  @@map("scan")\n  @@schema("logistics")\n}\n\nmodel Shelf {\n  id String\n  @@map("shelf")\n  @@schema("logistics")\n}\n`,
  },
];

describe('growing tables', () => {
  it('are those that the schema marks', () => {
    expect(growingTables(schema)).toEqual([{ schema: 'logistics', table: 'scan', column: 'claimed_at' }]);
  });

  it('become partitioned with a default partition, and no other table does', () => {
    const sql = 'CREATE TABLE "logistics"."scan" (\n    "id" UUID\n);\n\nCREATE TABLE "logistics"."shelf" (\n    "id" UUID\n);\n';
    expect(declareGrowing(sql, growingTables(schema))).toBe(
      'CREATE TABLE "logistics"."scan" (\n    "id" UUID\n) PARTITION BY RANGE ("claimed_at");\n\n' +
        'CREATE TABLE "logistics"."scan_default" PARTITION OF "logistics"."scan" DEFAULT;\n\nCREATE TABLE "logistics"."shelf" (\n    "id" UUID\n);\n',
    );
  });

  it('must say which table they are', () => {
    expect(() => growingTables([{ path: 'b', content: '/// @growing(day)\nmodel Bare {\n  id String\n}\n' }])).toThrow('Bare');
  });
});
