/** Puts the county's master data in place through the directory's own services. */
import type { INestApplicationContext } from '@nestjs/common';
import {
  DirectoryReader,
  RelationService,
  StationService,
  SuspensionService,
  SYSTEM_ACTOR,
  UnitService,
  UserService,
  type RelationInput,
  type StationInput,
  type UnitInput,
} from '#directory';
import type { DemoCounty, DemoRelation, DemoStation, DemoUnit } from './county.model.js';
import { idOf } from './identity.source.js';

/** Loads units, stations, relations, the merger, users and suspensions. Harmless when repeated. */
export async function loadDirectory(app: INestApplicationContext, county: DemoCounty, password: string): Promise<void> {
  const units = app.get(UnitService, { strict: false });
  const { on, predecessorCodes, successorCode } = county.merger;
  const successor = county.villages.find((village) => village.code === successorCode);
  if (!successor) throw new Error('The merger needs a successor');
  await units.createMany(SYSTEM_ACTOR, [...county.units, ...county.villages].filter((unit) => unit !== successor).map(unitInput));
  await loadService(app, county, (villageCode) => villageCode !== successorCode);
  await units.merge(SYSTEM_ACTOR, { on, predecessorCodes: [...predecessorCodes], successor: unitInput(successor) });
  await loadService(app, county, (villageCode) => villageCode === successorCode);
  await loadUsers(app, county, password);
  await loadSuspensions(app, county);
}

/** Stations and relations of the units that pass. */
async function loadService(
  app: INestApplicationContext,
  county: DemoCounty,
  passes: (unitCode: string) => boolean,
): Promise<void> {
  const stations = county.stations.filter((station) => passes(station.unitCode));
  const relations = county.relations.filter((relation) => passes(relation.villageCode));
  await app.get(StationService, { strict: false }).createMany(SYSTEM_ACTOR, stations.map(stationInput));
  await app.get(RelationService, { strict: false }).createMany(SYSTEM_ACTOR, relations.map(relationInput));
}

async function loadUsers(app: INestApplicationContext, county: DemoCounty, password: string): Promise<void> {
  const inputs = county.users.map(({ username, role, unitCode, stationCodes, personName, phone }) => ({
    id: idOf('user', username),
    username,
    password,
    role,
    unitCode,
    stationCodes,
    person: { name: personName, phone },
  }));
  await app.get(UserService, { strict: false }).createMany(SYSTEM_ACTOR, inputs);
}

/** The town asks, the county approves: never the same person. */
async function loadSuspensions(app: INestApplicationContext, county: DemoCounty): Promise<void> {
  const service = app.get(SuspensionService, { strict: false });
  const snapshot = await app.get(DirectoryReader, { strict: false }).snapshot();
  const person = (username: string): { id: string; unitId: string } => {
    const user = county.users.find((known) => known.username === username);
    const unit = user && snapshot.unitByCode(user.unitCode);
    if (!unit) throw new Error(`No user ${username}`);
    return { id: idOf('user', username), unitId: unit.id };
  };
  for (const { villageCode, from, to, reason, approved } of county.suspensions) {
    const id = idOf('suspension', villageCode);
    const officer = county.users.find((user) => user.role === 'town' && villageCode.startsWith(user.unitCode));
    await service.request(person(officer?.username ?? 'county2'), { id, villageCode, from, to, reason });
    if (approved) await service.decide(person('county'), id, 'approved');
  }
}

function unitInput({ code, name, validFrom, urbanRural, latitude, longitude, boundary }: DemoUnit): UnitInput {
  const rings = boundary?.coordinates.map((ring) => ring.map((point) => [...point]));
  return {
    id: idOf('unit', code),
    code,
    name,
    validFrom,
    urbanRural,
    latitude,
    longitude,
    boundary: rings ? { type: 'Polygon', coordinates: rings } : null,
  };
}

function stationInput(station: DemoStation): StationInput {
  return { id: idOf('station', station.code), ...station };
}

function relationInput(relation: DemoRelation): RelationInput {
  const { villageCode, carrierCode, mode, stationCode, validFrom, validTo } = relation;
  return {
    id: idOf('relation', `${villageCode} ${carrierCode}`),
    villageCode,
    carrierCode,
    mode,
    stationCode,
    validFrom,
    validTo,
  };
}
