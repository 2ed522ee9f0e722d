import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { carrierViewSchema, pageSchema, type CarrierView, type Page } from '#contracts';
import { Access, Answers, CurrentPrincipal, type Principal } from '#platform';
import { DirectoryReader } from '../reader/directory.reader.js';
import { CarrierService } from './carrier.service.js';

/** Carriers that relations and parcels can name. */
@ApiTags('directory')
@Controller('api/carriers')
export class CarrierController {
  constructor(
    private readonly carriers: CarrierService,
    private readonly reader: DirectoryReader,
  ) {}

  /** All carriers, in code order; there are few, so there is one page. */
  @Get()
  @Access('directory:read')
  @Answers(200, pageSchema(carrierViewSchema))
  async list(): Promise<Page<CarrierView>> {
    return { items: [...(await this.reader.snapshot()).carriers()] };
  }

  /** Adds a carrier. */
  @Post()
  @Access('directory:write')
  @Answers(201, carrierViewSchema)
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: carrierViewSchema }) input: CarrierView,
  ): Promise<CarrierView> {
    return await this.carriers.create(principal, input);
  }
}
