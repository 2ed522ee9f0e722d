export { DirectoryWriter, type Change } from './change/directory.writer.js';
export * from './model/carrier.successor.js';
export * from './model/directory.nodes.js';
export { coversDay, DirectorySnapshot } from './model/directory.snapshot.js';
export * from './model/geo.distance.js';
export { assertScope, scopeAllows, SYSTEM_ACTOR, type Actor } from './model/scope.js';
export * from './model/unit.code.js';
export { DirectoryReader } from './reader/directory.reader.js';
