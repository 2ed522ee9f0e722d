import { Module } from '@nestjs/common';
import { LotStock } from './lot.stock.js';

/** Lots of produce and their stock. */
@Module({ providers: [LotStock], exports: [LotStock] })
export class LotModule {}
