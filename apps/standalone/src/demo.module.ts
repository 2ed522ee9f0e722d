import { Controller, Get, Inject, Module } from '@nestjs/common';
import { CONFIG, DEMO_PASSWORD, notFound, Public, type Config } from '#platform';

/** Names of the demo county's logins. */
export const DEMO_LOGINS = ['admin', 'county', 'town', 'station', 'producer'] as const;

/** Tells the sign-in page that this is the demo county, whose logins may be shown. */
@Controller('api/demo')
export class DemoController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * The logins, and their password while it is the one that everybody knows.
   * @throws DomainError `not_found` when this is no demo county
   */
  @Public()
  @Get()
  demo(): { demo: true; logins: readonly string[]; password?: string } {
    if (!this.config.DEMO) throw notFound('demo');
    const isKnown = this.config.DEMO_PASSWORD === DEMO_PASSWORD;
    return { demo: true, logins: DEMO_LOGINS, ...(isKnown ? { password: DEMO_PASSWORD } : {}) };
  }
}

@Module({ controllers: [DemoController] })
export class DemoModule {}
