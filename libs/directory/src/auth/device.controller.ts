import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { deviceListQuerySchema, deviceViewSchema, pageSchema, type DeviceView, type Page } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { cursorKey } from '../http/list.answer.js';
import { DirectoryReader } from '../reader/directory.reader.js';
import { unitWithin } from '../unit/unit.queries.js';
import { DeviceRegistry, isDeviceId } from './device.registry.js';

/** Phones and scanners that sent scans. */
@ApiTags('directory')
@Controller('api/devices')
export class DeviceController {
  constructor(
    private readonly devices: DeviceRegistry,
    private readonly reader: DirectoryReader,
  ) {}

  /** Devices of people and programs within the caller's unit. */
  @Get()
  @Access('user:write')
  @Answers(200, pageSchema(deviceViewSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: deviceListQuerySchema }) query: z.infer<typeof deviceListQuerySchema>,
  ): Promise<Page<DeviceView>> {
    const unitId =
      query.unit === undefined ? principal.unitId : unitWithin(await this.reader.snapshot(), principal, query.unit).id;
    return await this.devices.list(unitId, cursorKey(query, isDeviceId), query.limit);
  }

  /** Revokes a device that was lost or left the service. */
  @Post(':id/revoke')
  @HttpCode(200)
  @Access('user:write')
  @Answers(200, deviceViewSchema)
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: z.string().refine(isDeviceId) }) id: string,
  ): Promise<DeviceView> {
    return await this.devices.revoke(principal, id);
  }
}
