import { DirectoryModule } from '#directory';
import { InsightModule } from '#insight';
import { LogisticsModule } from '#logistics';
import type { ApplicationOptions } from '#platform';
import { TraceModule } from '#trace';
import { UpflowModule } from '#upflow';

/** Every service's module. */
export const SERVICE_MODULES: ApplicationOptions['modules'] = [
  DirectoryModule,
  UpflowModule,
  LogisticsModule,
  TraceModule,
  InsightModule,
];
