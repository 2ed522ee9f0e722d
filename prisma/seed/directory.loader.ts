/** Puts the county's master data in place through the directory's own services. */
import type { INestApplicationContext } from '@nestjs/common';
import { RelationService, StationService, SuspensionService, SYSTEM_ACTOR, UnitService, UserService } from '#directory';
import { townCentre, type DemoCounty, type DemoRelation, type DemoStation, type DemoUnit } from './county.model.js';
import { idOf } from './identity.source.js';

/** Loads units, stations, relations, the merger, users and suspensions. Harmless when repeated. */
export async function loadDirectory(app: INestApplicationContext, county: DemoCounty, password: string): Promise<void> {
  const { merger } = county;
  const units = app.get(UnitService, { strict: false });
  const stations = app.get(StationService, { strict: false });
  const relations = app.get(RelationService, { strict: false });
  const isSuccessor = (code: string): boolean => code === merger.successorCode;
  const before = [...county.units, ...county.villages.filter((village) => !isSuccessor(village.code))];

  await units.createMany(SYSTEM_ACTOR, before.map(unitInput));
  await stations.createMany(SYSTEM_ACTOR, county.stations.filter((station) => !isSuccessor(station.unitCode)).map(stationInput));
  await relations.createMany(
    SYSTEM_ACTOR,
    county.relations.filter((relation) => !isSuccessor(relation.villageCode)).map(relationInput),
  );

  const successor = county.villages.find((village) => isSuccessor(village.code));
  if (!successor) throw new Error('The merger needs a successor');
  const predecessorCodes = [...merger.predecessorCodes];
  await units.merge(SYSTEM_ACTOR, { on: merger.on, predecessorCodes, successor: unitInput(successor) });
  await stations.createMany(SYSTEM_ACTOR, county.stations.filter((station) => isSuccessor(station.unitCode)).map(stationInput));
  await relations.createMany(
    SYSTEM_ACTOR,
    county.relations.filter((relation) => isSuccessor(relation.villageCode)).map(relationInput),
  );

  await loadUsers(app, county, password);
  await loadSuspensions(app, county);
}
