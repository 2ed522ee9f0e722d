import { Global, Module } from '@nestjs/common';
import { Authenticator } from '#platform';
import { ApiKeyController } from './auth/api.key.controller.js';
import { ApiKeyService } from './auth/api.key.service.js';
import { AuthController } from './auth/auth.controller.js';
import { DeviceController } from './auth/device.controller.js';
import { DeviceRegistry } from './auth/device.registry.js';
import { DirectoryAuthenticator } from './auth/directory.authenticator.js';
import { PasswordHasher } from './auth/password.hasher.js';
import { SessionService } from './auth/session.service.js';
import { CarrierController } from './carrier/carrier.controller.js';
import { CarrierService } from './carrier/carrier.service.js';
import { DirectoryWriter } from './change/directory.writer.js';
import { ProducerMembership } from './person/producer.membership.js';
import { ParameterController } from './parameter/parameter.controller.js';
import { ParameterService } from './parameter/parameter.service.js';
import { UserController } from './person/user.controller.js';
import { UserService } from './person/user.service.js';
import { DirectoryReader } from './reader/directory.reader.js';
import { RelationController } from './relation/relation.controller.js';
import { RelationService } from './relation/relation.service.js';
import { StationController } from './station/station.controller.js';
import { StationService } from './station/station.service.js';
import { SuspensionController } from './suspension/suspension.controller.js';
import { SuspensionService } from './suspension/suspension.service.js';
import { UnitController } from './unit/unit.controller.js';
import { UnitImportController } from './unit/unit.import.controller.js';
import { UnitImportService } from './unit/unit.import.service.js';
import { UnitQueries } from './unit/unit.queries.js';
import { UnitService } from './unit/unit.service.js';

/** What every service needs of the directory: who asks, and master data in memory. No routes. */
@Global()
@Module({
  providers: [
    DirectoryReader,
    DirectoryAuthenticator,
    { provide: Authenticator, useExisting: DirectoryAuthenticator },
    DeviceRegistry,
    ProducerMembership,
  ],
  exports: [DirectoryReader, DirectoryAuthenticator, Authenticator, DeviceRegistry, ProducerMembership],
})
export class DirectoryReadModule {}

const SERVICES = [
  ApiKeyService,
  CarrierService,
  DirectoryWriter,
  ParameterService,
  RelationService,
  SessionService,
  StationService,
  SuspensionService,
  UnitImportService,
  UnitQueries,
  UnitService,
  UserService,
];

/** The directory service: its routes and the changes of master data. Brings `DirectoryReadModule` along. */
@Module({
  imports: [DirectoryReadModule],
  controllers: [
    ApiKeyController,
    AuthController,
    CarrierController,
    DeviceController,
    ParameterController,
    RelationController,
    StationController,
    SuspensionController,
    UnitImportController,
    UnitController,
    UserController,
  ],
  providers: [PasswordHasher, ...SERVICES],
  exports: SERVICES,
})
export class DirectoryModule {}
