export * from './model/carrier.successor.js';
export * from './model/directory.nodes.js';
export { coversDay, DirectorySnapshot } from './model/directory.snapshot.js';
export * from './model/geo.distance.js';
export * from './model/unit.code.js';
