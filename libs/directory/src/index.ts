import { registerMessages } from '#platform';
import { DIRECTORY_MESSAGES } from './messages.js';

registerMessages(DIRECTORY_MESSAGES);

export { ApiKeyService, type ApiKeyInput } from './auth/api.key.service.js';
export { DeviceRegistry } from './auth/device.registry.js';
export { SESSION_MS, SessionService, type OpenSession } from './auth/session.service.js';
export { CarrierService, WELL_KNOWN_CARRIERS } from './carrier/carrier.service.js';
export { DirectoryWriter, type Change } from './change/directory.writer.js';
export { DirectoryModule, DirectoryReadModule } from './directory.module.js';
export { successorOf } from './model/carrier.successor.js';
export * from './model/directory.nodes.js';
export { coversDay, DirectorySnapshot } from './model/directory.snapshot.js';
export { distanceM, positionOf, type Position } from './model/geo.distance.js';
export { assertScope, scopeAllows, SYSTEM_ACTOR, type Actor } from './model/scope.js';
export * from './model/unit.code.js';
export { ParameterService } from './parameter/parameter.service.js';
export { maskName, maskPhone } from './person/person.mask.js';
export { UserService, type PersonInput, type UserChange, type UserInput } from './person/user.service.js';
export { DirectoryReader } from './reader/directory.reader.js';
export { RelationService, type RelationInput } from './relation/relation.service.js';
export { StationService, type StationChange, type StationInput } from './station/station.service.js';
export { SuspensionService, type Person, type SuspensionInput } from './suspension/suspension.service.js';
export { UnitImportService, type ImportOptions } from './unit/unit.import.service.js';
export type { MergeInput, SplitInput, SuccessorInput } from './unit/unit.lineage.plan.js';
export type { Boundary, UnitInput } from './unit/unit.plan.js';
export { UnitService, type UnitPlace } from './unit/unit.service.js';
export type { VersionInput } from './unit/unit.version.plan.js';
