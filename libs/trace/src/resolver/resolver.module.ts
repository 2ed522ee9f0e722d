import { Module } from '@nestjs/common';
import { PageModule } from '../page/page.module.js';
import { ScanModule } from '../scan/scan.module.js';
import { LinkResolver } from './link.resolver.js';
import { ResolverController } from './resolver.controller.js';

/** GS1 Digital Link: from an identifier to its page. */
@Module({ imports: [PageModule, ScanModule], controllers: [ResolverController], providers: [LinkResolver] })
export class ResolverModule {}
