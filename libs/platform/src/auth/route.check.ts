import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, PUBLIC } from './principal.js';

/** Stops the start when a route says neither who may use it nor that everyone may. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error naming the undeclared routes */
  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || typeof metatype !== 'function') return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ name: `${metatype.name}.${name}`, method: prototype[name] }))
        .filter(({ method }) => method && Reflect.hasMetadata(METHOD_METADATA, method))
        .filter(({ method }) => !this.isDeclared([method as () => unknown, metatype as () => unknown]))
        .map(({ name }) => name);
    });
    if (undeclared.length > 0) throw new Error(`Routes without @Public or @Access: ${undeclared.join(', ')}`);
  }

  private isDeclared(targets: (() => unknown)[]): boolean {
    return [PUBLIC, ACCESS].some((key) => this.reflector.getAllAndOverride<unknown>(key, targets) !== undefined);
  }
}
