/** Enters the collective accounts as the towns' officers do, and decides them as the county does. */
import type { INestApplicationContext } from '@nestjs/common';
import { DirectoryReader, type DirectorySnapshot } from '#directory';
import { IncomeService, type AccountEntry, type AccountVerdict } from '#insight';
import { generateAccounts, type DemoAccount } from './account.generator.js';
import { DEMO_COUNTY_CODE, type DemoCounty } from './county.model.js';
import { idOf } from './identity.source.js';

const RETURNED_BECAUSE = '附件与账面金额不符，请核对后重报';

/** Loads thirteen months of accounts. Harmless when repeated. */
export async function loadAccounts(app: INestApplicationContext, county: DemoCounty): Promise<void> {
  const income = app.get(IncomeService, { strict: false });
  const snapshot = await app.get(DirectoryReader, { strict: false }).snapshot();
  const accounts = generateAccounts(county);
  const countyOfficer = { id: idOf('user', 'county'), unitId: unitId(snapshot, DEMO_COUNTY_CODE) };
  for (const town of county.units.filter((unit) => unit.level === 'town')) {
    const officer = county.users.find((user) => user.role === 'town' && user.unitCode === town.code);
    if (!officer) throw new Error(`No officer in ${town.code}`);
    const own = accounts.filter((account) => account.villageCode.startsWith(town.code));
    const actor = { id: idOf('user', officer.username), unitId: unitId(snapshot, town.code) };
    await income.enterMany(
      actor,
      own.map((account) => entryOf(snapshot, account)),
    );
    const decided = own.flatMap((account) => verdictOf(snapshot, account) ?? []);
    await income.decideMany(countyOfficer, decided);
  }
}

function entryOf(snapshot: DirectorySnapshot, { villageCode, period, regime, lines }: DemoAccount): AccountEntry {
  return { villageId: unitId(snapshot, villageCode), period, regime, lines, version: 0 };
}

function verdictOf(snapshot: DirectorySnapshot, { villageCode, period, outcome }: DemoAccount): AccountVerdict | undefined {
  const key = { villageId: unitId(snapshot, villageCode), period, version: 1 };
  switch (outcome) {
    case 'approved':
      return { ...key, decision: 'approve' };
    case 'returned':
      return { ...key, decision: 'return', reason: RETURNED_BECAUSE };
    case 'waiting':
      return undefined;
  }
}

function unitId(snapshot: DirectorySnapshot, code: string): string {
  const unit = snapshot.unitByCode(code);
  if (!unit) throw new Error(`No unit ${code}`);
  return unit.id;
}
