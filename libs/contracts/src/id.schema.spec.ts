import { z } from 'zod';
import { idSchema } from './id.schema.js';
import { recordFields } from './record.schema.js';
import { scanSchema } from './scan.schema.js';

const ID = '0195f7a2-0c1d-7abc-8def-00000000abcd';

describe('An id', () => {
  it('is the same however it is written, and nothing but a UUID', () => {
    expect(idSchema.parse(ID.toUpperCase())).toBe(ID);
    expect(idSchema.safeParse('nonsense').success).toBe(false);
    expect(recordFields.id.parse(ID.toUpperCase())).toBe(ID);
    const scan = { id: ID.toUpperCase(), kind: 'accepted', waybill: 'YT1234567890123', occurredAt: '2026-11-02T10:00:00+08:00' };
    expect(scanSchema.parse(scan).id).toBe(ID);
  });

  it('is told to clients as a UUID', () => {
    for (const io of ['input', 'output'] as const)
      expect(z.toJSONSchema(idSchema, { io })).toEqual(z.toJSONSchema(z.uuid(), { io }));
  });
});
