import { Module } from '@nestjs/common';
import { SalesRefreshHandler } from './sales.refresh.handler.js';
import { SalesSweepHandler } from './sales.sweep.handler.js';

/** Sales of produce (metric M10). */
@Module({ providers: [SalesRefreshHandler, SalesSweepHandler] })
export class SalesModule {}
